/** The closed set of ways an operation can fail; the names are those of Firebase's callables. */
export type ErrorCode =
  | 'invalid-argument'
  | 'unauthenticated'
  | 'permission-denied'
  | 'not-found'
  | 'already-exists'
  | 'failed-precondition'
  | 'aborted'
  | 'resource-exhausted'
  | 'unavailable';

/**
 * What a caller may be told beside the code. `session_id` goes with `continued`: the session to use instead; `because`
 * goes with `refused`, `retry_after_ms` with `rate`.
 */
export type ErrorDetails = {
  reason?: 'ended' | 'expired' | 'continued' | 'erased' | 'refused' | 'rate' | 'open_sessions' | 'revoked';
  field?: string;
  session_id?: string;
  because?: RefusalReason;
  retry_after_ms?: number;
};

/**
 * Why the primary will never take what a fallback accepted. `failing`: it failed again and again while the primary was
 * there. `open_sessions`: its user had too many sessions open, for as long as it could wait.
 */
export const REFUSAL_REASONS = ['not-found', 'erased', 'invalid', 'failing', 'open_sessions'] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/**
 * The one error of the session module. Its message and details reach the client as they are, so they hold no
 * content, no identity and nothing of a driver's text; that belongs in `cause`, which only the log sees.
 */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }
}
