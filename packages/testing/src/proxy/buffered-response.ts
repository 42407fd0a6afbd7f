import type { Client, Metadata, StatusObject } from '@grpc/grpc-js';
import type { CallRecorder } from '../meter/meter.ts';
import { endCall, type IncomingCall, rawBytes } from './forward.ts';

/** The whole response of the target to a call. */
export type BufferedResponse = {
  metadata?: Metadata;
  messages: readonly Buffer[];
  outcome: StatusObject;
};

/**
 * Sends a request to the target and reads the whole response. The deadline and the cancellation of the caller do not reach
 * the target.
 * @param stop cancels the call
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
  // Every call has a status. A failed one also emits an error.
  outgoing.on('error', () => {});
  return new Promise((resolve) => {
    outgoing.on('status', (outcome: StatusObject) => {
      // Some messages may not have been read yet.
      outgoing.on('end', () => {
        stop.removeEventListener('abort', cancel);
        recorder.end(outcome.code);
        resolve({ ...(metadata && { metadata }), messages, outcome });
      });
    });
  });
};

/** Sends a response to the caller. */
export const sendResponse = (
  incoming: IncomingCall,
  { metadata, messages, outcome }: BufferedResponse,
): void => {
  if (metadata) incoming.sendMetadata(metadata);
  for (const message of messages) incoming.write(message);
  endCall(incoming, outcome);
};

/** Sends the first `count` messages of a response. Resolves when the network has them. */
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
