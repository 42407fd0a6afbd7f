import { type StatusObject, status } from '@grpc/grpc-js';
import type { IncomingCall } from './incoming-call.ts';

/** Ends a call with a status. */
export const endCall = (incoming: IncomingCall, { code, details, metadata }: StatusObject): void => {
  // In a handler of grpc-js only an error ends a stream with a status other than OK.
  if (code === status.OK) incoming.end(metadata);
  else incoming.emit('error', Object.assign(new Error(details), { code, details, metadata }));
};
