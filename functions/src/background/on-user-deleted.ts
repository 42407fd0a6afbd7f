import { onUserDeleted as onDeleted } from 'firebase-functions/identity';
import * as logger from 'firebase-functions/logger';
import { eraseUser } from 'kb-sessions/firestore';
import { services, timeBudget } from '../services.ts';
import { runInBackground } from './run-in-background.ts';

/**
 * Erases the data of a user whose account was deleted (firebase.google.com/docs/functions/auth-events, a preview). The
 * platform retries it for 24 hours (firebase.google.com/docs/functions/retries), and finishErasures continues an
 * interrupted erasure. Accounts that are deleted in bulk by `deleteUsers` give no event
 * (firebase.google.com/docs/auth/admin/manage-users): erase those users by deleteUserData.
 */
export const onUserDeleted = onDeleted({ retry: true }, async (event) => {
  const { context, store } = services();
  await runInBackground('onUserDeleted', async () => {
    const { status, firestore, journals } = await eraseUser(context, {
      owner: event.data.uid,
      evict: (owner) => store.evictUser(owner),
      ...timeBudget(),
    });
    logger.info('account.erased', { status, ...firestore, ...journals });
  });
});
