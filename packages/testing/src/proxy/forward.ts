import type { Client, Metadata, StatusObject } from '@grpc/grpc-js';
import type { CallRecorder } from '../meter/meter.ts';
import { endCall } from './end-call.ts';
import type { IncomingCall } from './incoming-call.ts';
import { pipeMessages } from './pipe-messages.ts';

/**
 * Sends a call on to the target and its answer back, byte for byte and message by message: metadata, trailers and
 * status with its details, and the backpressure of both sides. The caller's deadline and cancellation reach the target
 * too. Every kind of RPC can be forwarded as a bidirectional stream, because on the wire they are the same.
 */
export const forward = (incoming: IncomingCall, target: Client, recorder: CallRecorder): void => {
  const metadata = incoming.metadata.clone();
  const outgoing = target.makeBidiStreamRequest(incoming.getPath(), rawBytes, rawBytes, metadata, {
    parent: incoming,
  });
  pipeMessages(incoming, outgoing, (message) => recorder.request(message));
  incoming.on('end', () => outgoing.end());

  outgoing.on('metadata', (metadata: Metadata) => incoming.sendMetadata(metadata));
  pipeMessages(outgoing, incoming, (message) => recorder.response(message));
  outgoing.on('status', (outcome: StatusObject) => {
    recorder.end(outcome.code);
    // Messages may still be on their way to a slow reader, and the status comes after them.
    outgoing.on('end', () => endCall(incoming, outcome));
  });
  // A failure comes as an error and as a status, and every call has a status.
  outgoing.on('error', () => {});
};

export const rawBytes = (message: Buffer): Buffer => message;
