import { onUserDeleted as onDeleted } from 'firebase-functions/identity';
import * as logger from 'firebase-functions/logger';
import { theInstance } from '../compose.ts';
import { eraseUser } from '../session/index.ts';

/** How long it sweeps, well within the 60 s of a function; finishErasures does the rest. */
const SWEEP_MS = 30_000;

/**
 * Erases what a user has whose account was deleted (firebase.google.com/docs/functions/auth-events, a preview). Accounts
 * that are deleted in bulk, by `deleteUsers`, give no event (firebase.google.com/docs/auth/admin/manage-users): erase
 * those users by deleteUserData. Retried for 24 hours (firebase.google.com/docs/functions/retries).
 */
export const onUserDeleted = onDeleted({ retry: true }, async (event) => {
  const { setup, store } = theInstance();
  const { status, firestore, journals } = await eraseUser(setup, {
    owner: event.data.uid,
    forget: (owner) => store.forget(owner),
    deadline: Date.now() + SWEEP_MS,
    clock: Date.now,
  });
  logger.info('users.erased', { status, ...firestore, ...journals });
});
