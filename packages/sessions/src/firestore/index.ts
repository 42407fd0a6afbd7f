/**
 * The store in Cloud Firestore, and the work that goes with it: counting, expiry, export and erasure. Needs the package
 * `firebase-admin`.
 *
 * @module
 */
export { CLIENT_SETTINGS } from './client-settings.ts';
export { decodeMessage } from './codec.ts';
export type { FirestoreContext } from './context.ts';
export { countMessage } from './counters/count-message.ts';
export { type ReconcileResult, reconcileCounters } from './counters/reconcile-counters.ts';
export { withSweepDeadline } from './deadline.ts';
export { eraseUser } from './erasure/erase-user.ts';
export { finishErasures } from './erasure/finish-erasures.ts';
export { listErasedUsers } from './erasure/tombstones.ts';
export { endUserSessions } from './expiry/end-user-sessions.ts';
export { type ExpireResult, expireSessions } from './expiry/expire-sessions.ts';
export { countActiveSessions, listActiveSessions } from './expiry/open-sessions.ts';
export { type ExportPage, exportPage } from './export-page.ts';
export { FirestoreStore } from './firestore-store.ts';
