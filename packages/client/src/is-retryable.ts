import type { SessionsErrorCode } from './sessions-error.ts';

const RETRYABLE: Record<SessionsErrorCode, boolean> = {
  // Nobody has decided: the store is away, races were lost, the answer was.
  unavailable: true,
  aborted: true,
  cancelled: true,
  'deadline-exceeded': true,
  internal: true,
  unknown: true,
  // Decided about the caller as it is now: it comes too often, or its token has run out.
  'resource-exhausted': true,
  unauthenticated: true,
  // Decided about the call. Its input and its session's end do not change, nor does who may do what for a while.
  'already-exists': false,
  'data-loss': false,
  'failed-precondition': false,
  'invalid-argument': false,
  'not-found': false,
  'out-of-range': false,
  'permission-denied': false,
  unimplemented: false,
};

/**
 * Whether an error may be gone when the same call is offered later. Where it is not, the server has looked at the call
 * and will never take it.
 */
export const isRetryable = (code: SessionsErrorCode): boolean => RETRYABLE[code];
