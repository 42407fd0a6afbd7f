import { onUserDeleted as onDeleted } from 'firebase-functions/identity';
import * as logger from 'firebase-functions/logger';
import { theInstance } from '../compose.ts';
import { inBackground } from '../in-background.ts';
import { eraseUser } from '../session/index.ts';
import { sweepBudget } from '../sweep-budget.ts';

/**
 * Erases what a user has whose account was deleted (firebase.google.com/docs/functions/auth-events, a preview). Accounts
 * that are deleted in bulk, by `deleteUsers`, give no event (firebase.google.com/docs/auth/admin/manage-users): erase
 * those users by deleteUserData. finishErasures does what it leaves. Retried for 24 hours (firebase.google.com/docs/functions/retries).
 */
export const onUserDeleted = onDeleted({ retry: true }, async (event) => {
  const { setup, store } = theInstance();
  await inBackground('onUserDeleted', async () => {
    const { status, firestore, journals } = await eraseUser(setup, {
      owner: event.data.uid,
      forget: (owner) => store.forget(owner),
      ...sweepBudget(),
    });
    logger.info('account.erased', { status, ...firestore, ...journals });
  });
});
