import type { SessionsErrorCode } from './sessions-error.ts';

const RETRYABLE: Record<SessionsErrorCode, boolean> = {
  // No decision: the store is unavailable, other writers won every race, or the answer was lost.
  unavailable: true,
  aborted: true,
  cancelled: true,
  'deadline-exceeded': true,
  internal: true,
  unknown: true,
  // A decision about the caller that may change: too many calls, or an expired token.
  'resource-exhausted': true,
  unauthenticated: true,
  // A decision about the call that does not change: its input, the end of its session, the rights of the caller.
  'already-exists': false,
  'data-loss': false,
  'failed-precondition': false,
  'invalid-argument': false,
  'not-found': false,
  'out-of-range': false,
  'permission-denied': false,
  unimplemented: false,
};

/** Whether the same call may succeed later. Otherwise the server has read the call and will never accept it. */
export const isRetryable = (code: SessionsErrorCode): boolean => RETRYABLE[code];
