import {
  type Client,
  type Metadata,
  type ServerDuplexStream,
  type StatusObject,
  status,
} from '@grpc/grpc-js';
import type { CallRecorder } from '../meter/meter.ts';
import { pipeMessages } from './pipe-messages.ts';

/** A call that arrives at the proxy. Its messages are bytes. */
export type IncomingCall = ServerDuplexStream<Buffer, Buffer>;

/**
 * Forwards a call to the target and its response to the caller, message by message: metadata, trailers, status with
 * details, and the backpressure of both sides. The deadline and the cancellation of the caller reach the target. Every kind
 * of RPC is forwarded as a bidirectional stream, because all kinds are the same on the wire.
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
    // The status follows the messages, which a slow reader may not have received yet.
    outgoing.on('end', () => endCall(incoming, outcome));
  });
  // Every call has a status. A failed one also emits an error.
  outgoing.on('error', () => {});
};

export const rawBytes = (message: Buffer): Buffer => message;

/** Ends a call with a status. */
export const endCall = (incoming: IncomingCall, { code, details, metadata }: StatusObject): void => {
  // In a handler of grpc-js only an error ends a stream with a status other than OK.
  if (code === status.OK) incoming.end(metadata);
  else incoming.emit('error', Object.assign(new Error(details), { code, details, metadata }));
};
