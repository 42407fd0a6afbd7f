import './logging/redact-body-errors.ts';

export { onMessageCreated } from './background/on-message-created.ts';
export { onUserDeleted } from './background/on-user-deleted.ts';
export { expireSessions, finishErasures, reconcileCounters } from './background/scheduled-jobs.ts';
export { sessions } from './callables/group-endpoint.ts';
export { deleteMyData, deleteUserData, exportMyData, exportUserData } from './callables/single-endpoints.ts';
