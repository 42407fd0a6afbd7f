import './logging/redact-body-errors.ts';

export { sessions } from './callables/group.ts';
export {
  addMessage,
  addMessages,
  clearExpiredSessions,
  createSession,
  deleteMyData,
  deleteUserData,
  endMySessions,
  endSession,
  endUserSessions,
  escalateSession,
  exportMyData,
  exportUserData,
  getHistory,
  getSession,
  listSessions,
  submitFeedback,
} from './callables/single.ts';
export { expireSessions } from './background/expire-sessions.ts';
export { finishErasures } from './background/finish-erasures.ts';
export { reconcileCounters } from './background/reconcile-counters.ts';
export { onMessageCreated } from './background/on-message-created.ts';
export { onUserDeleted } from './background/on-user-deleted.ts';
