/** The closed set of ways in which an operation can fail. The names are the codes of Firebase callables. */
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

/** What a caller learns beside the code. */
export type ErrorDetails = {
  /** Why the state of the session or user, or a limit, does not allow the operation. */
  reason?: 'ended' | 'expired' | 'continued' | 'erased' | 'refused' | 'rate' | 'open_sessions' | 'revoked';
  /** The input field at fault. */
  field?: string;
  /** With the reason `continued`: the session to use instead. */
  session_id?: string;
  /** With the reason `refused`: why the primary will never store the operation. */
  because?: RefusalReason;
  /** With the reason `rate`: how long to wait, in milliseconds. */
  retry_after_ms?: number;
};

/**
 * Why the primary will never store an operation that a journal accepted:
 * - `not-found`: its session does not exist;
 * - `erased`: its user has been erased;
 * - `invalid`: the entry cannot be read or stored;
 * - `failing`: it failed repeatedly while the primary stored other writes;
 * - `open_sessions`: its user had too many open sessions during the whole grace period.
 */
export const REFUSAL_REASONS = ['not-found', 'erased', 'invalid', 'failing', 'open_sessions'] as const;
/** One of {@link REFUSAL_REASONS}. */
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/**
 * The only error that the session module throws on purpose. The message and the details reach the client unchanged, so
 * they hold no content, no identity and no text of a driver. The `cause` holds those; only the log sees it.
 */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  /** The kind of failure. */
  readonly code: ErrorCode;
  /** What the caller may learn beside the code. */
  readonly details: ErrorDetails;

  /**
   * @param message what the caller may read
   * @param cause the error of a driver, for the log
   */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }
}
