import { type StatusObject, status } from '@grpc/grpc-js';
import type { IncomingCall } from './incoming-call.ts';

/** Ends a call with any status. */
export const endCall = (incoming: IncomingCall, { code, details, metadata }: StatusObject): void => {
  // To a handler of grpc-js an error is the only way to end a stream with a status other than OK.
  if (code === status.OK) incoming.end(metadata);
  else incoming.emit('error', Object.assign(new Error(details), { code, details, metadata }));
};
