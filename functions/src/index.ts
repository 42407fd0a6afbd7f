import './logging/redact-body-errors.ts';

export { expireSessions } from './background/expire-sessions.ts';
export { finishErasures } from './background/finish-erasures.ts';
export { onMessageCreated } from './background/on-message-created.ts';
export { onUserDeleted } from './background/on-user-deleted.ts';
export { reconcileCounters } from './background/reconcile-counters.ts';
export { sessions } from './callables/group-endpoint.ts';
export { deleteMyData, deleteUserData, exportMyData, exportUserData } from './callables/single-endpoints.ts';
