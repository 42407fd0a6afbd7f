import type { CallName } from 'kb-sessions-contract';
import type { ErrorCode, ErrorDetails } from 'kb-sessions-contract/errors';

type Reason = NonNullable<ErrorDetails['reason']>;
type CallErrors = Partial<
  Record<Exclude<ErrorCode, 'unauthenticated' | 'invalid-argument' | 'unavailable'>, Reason[]>
>;

const USES_CONVERSATION: CallErrors = {
  'not-found': [],
  'failed-precondition': ['ended', 'expired', 'continued', 'erased'],
  'resource-exhausted': ['open_sessions'],
  aborted: [],
};
const APPENDS: CallErrors = {
  ...USES_CONVERSATION,
  'failed-precondition': ['ended', 'expired', 'continued', 'erased', 'refused'],
  'already-exists': [],
  'permission-denied': [],
};
const ADMINS_ONLY: CallErrors = { 'permission-denied': [] };

/** What a call can fail with, beside the errors that every call has. The type holds the table complete. */
export const CALL_ERRORS: Record<CallName, CallErrors> = {
  createSession: {
    'not-found': [],
    'failed-precondition': ['erased', 'refused'],
    'resource-exhausted': ['open_sessions'],
    aborted: [],
  },
  getSession: { ...USES_CONVERSATION, 'permission-denied': [] },
  addMessage: APPENDS,
  addMessages: APPENDS,
  getHistory: { 'not-found': [], 'permission-denied': [] },
  listSessions: {},
  endSession: { 'not-found': [], aborted: [] },
  submitFeedback: { 'not-found': [], aborted: [] },
  escalateSession: {
    'not-found': [],
    'failed-precondition': ['ended', 'expired', 'continued'],
    'permission-denied': [],
    aborted: [],
  },
  endMySessions: {},
  endUserSessions: ADMINS_ONLY,
  exportMyData: {},
  exportUserData: ADMINS_ONLY,
  deleteMyData: {},
  deleteUserData: ADMINS_ONLY,
  getActiveSessions: ADMINS_ONLY,
  clearExpiredSessions: ADMINS_ONLY,
  getMetrics: ADMINS_ONLY,
};
