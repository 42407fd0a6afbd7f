export { sessions } from './callables/group.ts';
export {
  addMessage,
  addMessages,
  clearExpiredSessions,
  createSession,
  endSession,
  escalateSession,
  getHistory,
  getSession,
  listSessions,
  submitFeedback,
} from './callables/single.ts';
export { expireSessions } from './scheduled/expire-sessions.ts';
export { reconcileCounters } from './scheduled/reconcile-counters.ts';
export { onMessageCreated } from './triggers/on-message-created.ts';
