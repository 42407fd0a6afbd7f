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

/** A missing session and somebody else's are answered with the same bytes: an id tells nothing. */
export const sessionNotFoundError = (): SessionError => new SessionError('not-found', 'session not found');
export const messageNotFoundError = (): SessionError => new SessionError('not-found', 'message not found');
export const sessionEndedError = (): SessionError =>
  new SessionError('failed-precondition', 'session has ended', { reason: 'ended' });
export const sessionExpiredError = (): SessionError =>
  new SessionError('failed-precondition', 'session has expired', { reason: 'expired' });
export const sessionContinuedError = (session_id: string): SessionError =>
  new SessionError('failed-precondition', 'session is continued by another', {
    reason: 'continued',
    session_id,
  });
export const userErasedError = (): SessionError =>
  new SessionError('failed-precondition', 'user has been erased', { reason: 'erased' });
export const refusedError = (because: RefusalReason): SessionError =>
  new SessionError('failed-precondition', 'this was accepted, and refused for good when it was replayed', {
    reason: 'refused',
    because,
  });
export const openSessionLimitError = (): SessionError =>
  new SessionError('resource-exhausted', 'too many open sessions, end one first', {
    reason: 'open_sessions',
  });
export const messageIdTakenError = (): SessionError =>
  new SessionError('already-exists', 'message_id is taken by another message', { field: 'message_id' });
export const unavailableError = (cause: unknown): SessionError =>
  new SessionError(
    'unavailable',
    'the store is unavailable, offer the call again with the same ids',
    {},
    cause,
  );
/** Whether this says that a store is away: neither done nor refused. */
export const isAway = (error: unknown): boolean =>
  error instanceof SessionError && error.code === 'unavailable';
export const contentionError = (cause: unknown): SessionError =>
  new SessionError(
    'aborted',
    'too many writers on one session, offer the call again with the same ids',
    {},
    cause,
  );
