import { type RefusalReason, SessionError } from 'kb-sessions-contract/errors';

/** `not-found`: the same for a missing session and for a session of another owner, so an id reveals nothing. */
export const sessionNotFoundError = (): SessionError => new SessionError('not-found', 'session not found');

/** `not-found`: the same for a missing message and for a message of another owner or session. */
export const messageNotFoundError = (): SessionError => new SessionError('not-found', 'message not found');

/** `failed-precondition`, reason `ended`. */
export const sessionEndedError = (): SessionError =>
  new SessionError('failed-precondition', 'session has ended', { reason: 'ended' });

/** `failed-precondition`, reason `expired`: the operation did not ask for recovery. */
export const sessionExpiredError = (): SessionError =>
  new SessionError('failed-precondition', 'session has expired', { reason: 'expired' });

/** `failed-precondition`, reason `continued`: the chain of successors is longer than one link; `session_id` is the next session. */
export const sessionContinuedError = (session_id: string): SessionError =>
  new SessionError('failed-precondition', 'session is continued by another', {
    reason: 'continued',
    session_id,
  });

/** `failed-precondition`, reason `erased`. */
export const userErasedError = (): SessionError =>
  new SessionError('failed-precondition', 'user has been erased', { reason: 'erased' });

/** `failed-precondition`, reason `refused`: a journal accepted the operation, and its replay was refused for good. */
export const refusedError = (because: RefusalReason): SessionError =>
  new SessionError('failed-precondition', 'this was accepted, and refused for good when it was replayed', {
    reason: 'refused',
    because,
  });

/** `resource-exhausted`, reason `open_sessions`. */
export const openSessionLimitError = (): SessionError =>
  new SessionError('resource-exhausted', 'too many open sessions, end one first', {
    reason: 'open_sessions',
  });

/** `already-exists`: a message with this id and other content exists. */
export const messageIdTakenError = (): SessionError =>
  new SessionError('already-exists', 'message_id is taken by another message', { field: 'message_id' });

/** `unavailable`: the outcome is unknown or nothing happened; the same ids make a repetition safe. */
export const unavailableError = (cause: unknown): SessionError =>
  new SessionError(
    'unavailable',
    'the store is unavailable, offer the call again with the same ids',
    {},
    cause,
  );

/** Whether an error says that a store is unavailable: the operation is neither done nor refused. */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof SessionError && error.code === 'unavailable';

/** Whether an error says that there is no such session or message for the owner. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof SessionError && error.code === 'not-found';

/** `aborted`: the operation lost too many races on one session. */
export const contentionError = (cause: unknown): SessionError =>
  new SessionError(
    'aborted',
    'too many writers on one session, offer the call again with the same ids',
    {},
    cause,
  );
