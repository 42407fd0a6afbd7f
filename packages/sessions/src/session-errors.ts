import { type RefusalReason, SessionError } from 'kb-sessions-contract/errors';

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
export const isUnavailable = (error: unknown): boolean =>
  error instanceof SessionError && error.code === 'unavailable';
export const contentionError = (cause: unknown): SessionError =>
  new SessionError(
    'aborted',
    'too many writers on one session, offer the call again with the same ids',
    {},
    cause,
  );
