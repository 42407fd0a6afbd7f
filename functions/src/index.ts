import './print-unreadable.ts';

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
export { expireSessions } from './scheduled/expire-sessions.ts';
export { finishErasures } from './scheduled/finish-erasures.ts';
export { reconcileCounters } from './scheduled/reconcile-counters.ts';
export { onMessageCreated } from './triggers/on-message-created.ts';
export { onUserDeleted } from './triggers/on-user-deleted.ts';
