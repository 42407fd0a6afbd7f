import assert from 'node:assert/strict';
import { deleteUser, getAuth } from 'firebase/auth';
import { tombstoneDocument } from 'kb-sessions/internal/firestore/documents';
import { SMALL_LIMITS } from 'kb-sessions/internal/testing/small-limits';
import { createSessionsClient } from 'kb-sessions-client';
import { runningSuite, signUp } from 'kb-sessions-testing';
import { leftOf } from '../../../packages/sessions/test/fixtures/chats.ts';
import { contextAt } from '../../../packages/sessions/test/support/context-at.ts';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';

describe('onUserDeleted, in the emulators', () => {
  it('erases the data of a deleted account', async () => {
    const suite = runningSuite();
    const context = contextAt(suite.firestore, suite.projectId, SMALL_LIMITS);
    const user = await signUp(suite);
    try {
      const sessions = createSessionsClient(user.functions);
      const { session_id } = await sessions.createSession();
      await sessions.addMessage({ session_id, role: 'user', content: 'hello' });
      assert.equal((await leftOf(context, user.uid)).length, 2);
      const account = getAuth(user.functions.app).currentUser;
      assert.ok(account);
      await deleteUser(account);
      const swept = await eventually(
        () => tombstoneDocument(context.db, user.uid).get(),
        (tombstone) => tombstone.get('swept_at') !== undefined && tombstone.get('swept_at') !== null,
      );
      assert.deepEqual([swept.get('sessions'), swept.get('messages')], [1, 1]);
      assert.deepEqual(await leftOf(context, user.uid), []);
    } finally {
      await user.close();
      await context.db.terminate();
    }
  });
});
