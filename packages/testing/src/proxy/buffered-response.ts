import type { Client, Metadata, StatusObject } from '@grpc/grpc-js';
import type { CallRecorder } from '../meter/meter.ts';
import { endCall } from './end-call.ts';
import { rawBytes } from './forward.ts';
import type { IncomingCall } from './incoming-call.ts';

/** Everything that the target answers to a call. */
export type BufferedResponse = {
  metadata?: Metadata;
  messages: readonly Buffer[];
  outcome: StatusObject;
};

/**
 * Has the target answer a request to the end; the caller's deadline and cancellation do not reach it.
 * @param stop ends the call early
 */
export const bufferResponse = (
  incoming: IncomingCall,
  request: Buffer,
  target: Client,
  recorder: CallRecorder,
  stop: AbortSignal,
): Promise<BufferedResponse> => {
  recorder.request(request);
  const outgoing = target.makeServerStreamRequest(
    incoming.getPath(),
    rawBytes,
    rawBytes,
    request,
    incoming.metadata.clone(),
  );
  const cancel = () => outgoing.cancel();
  stop.addEventListener('abort', cancel);
  const messages: Buffer[] = [];
  let metadata: Metadata | undefined;
  outgoing.on('metadata', (received: Metadata) => {
    metadata = received;
  });
  outgoing.on('data', (message: Buffer) => {
    recorder.response(message);
    messages.push(message);
  });
  // A failure comes as an error and as a status, and every call has a status.
  outgoing.on('error', () => {});
  return new Promise((resolve) => {
    outgoing.on('status', (outcome: StatusObject) => {
      // Messages may still be waiting to be read.
      outgoing.on('end', () => {
        stop.removeEventListener('abort', cancel);
        recorder.end(outcome.code);
        resolve({ ...(metadata && { metadata }), messages, outcome });
      });
    });
  });
};

export const sendResponse = (
  incoming: IncomingCall,
  { metadata, messages, outcome }: BufferedResponse,
): void => {
  if (metadata) incoming.sendMetadata(metadata);
  for (const message of messages) incoming.write(message);
  endCall(incoming, outcome);
};

/** Resolves when the beginning of an answer has been handed to the network. */
export const sendFirstMessages = async (
  incoming: IncomingCall,
  { metadata, messages }: BufferedResponse,
  count: number,
): Promise<void> => {
  if (metadata) incoming.sendMetadata(metadata);
  for (const message of messages.slice(0, count)) {
    await new Promise((resolve) => incoming.write(message, resolve));
  }
};
