import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type FirestoreContext, finishErasures } from 'kb-sessions/firestore';
import { SECOND_SWEEP_MS } from 'kb-sessions/internal/erasure/state';
import { SMALL_LIMITS } from 'kb-sessions/internal/testing/small-limits';
import { type IndexFile, missingIndexes, runningSuite, type SignedInUser } from 'kb-sessions-testing';
import { leftOf } from '../../../packages/sessions/test/fixtures/chats.ts';
import { contextAt } from '../../../packages/sessions/test/support/context-at.ts';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type HostedEndpoints, startEndpoints } from '../support/endpoints.ts';
import { linesIn } from '../support/log-lines.ts';

describe('deleteMyData and deleteUserData', () => {
  let on: HostedEndpoints;
  let stored: FirestoreContext;
  before(async () => {
    on = await startEndpoints();
    const { projectId } = runningSuite();
    stored = contextAt(on.single.proxy.address, projectId, SMALL_LIMITS, on.group.database);
  });
  after(async () => {
    await stored?.db.terminate();
    await on?.stop();
  });

  const chat = async (user: SignedInUser): Promise<string> => {
    const { session_id } = await on.group.call(user, 'createSession', {});
    const messages = [1, 2, 3].map((number) => ({ role: 'user' as const, content: `message ${number}` }));
    await on.group.call(user, 'addMessages', { session_id, messages });
    return session_id;
  };
  /** The second sweep, when it is due. */
  const finish = () =>
    finishErasures(
      { ...stored, now: (readTime) => readTime.toMillis() + SECOND_SWEEP_MS },
      { evict: async () => 0, deadline: Number.POSITIVE_INFINITY, clock: Date.now },
    );

  it('delete all data of the caller, refuse new sessions, and answer complete after the second sweep', async () => {
    const [owner, other] = [await on.group.signIn(), await on.group.signIn()];
    const session_id = await chat(owner);
    await chat(other);
    const receipt = await on.single.call(owner, 'deleteMyData', {});
    assert.deepEqual(
      [receipt.user_id, receipt.status, receipt.firestore, receipt.journals, receipt.completed_at],
      [owner.uid, 'waiting', { sessions: 1, messages: 3 }, { entries: 0 }, null],
    );
    assert.deepEqual(await leftOf(stored, owner.uid), []);
    assert.equal((await leftOf(stored, other.uid)).length, 4);
    assert.deepEqual(await on.single.call(owner, 'deleteMyData', {}), receipt);

    const { error } = await on.group.refused(owner, 'createSession', {});
    assert.deepEqual([error.status, error.details], ['FAILED_PRECONDITION', { reason: 'erased' }]);
    const says = { session_id, recover: true, role: 'user', content: 'still here' };
    assert.deepEqual((await on.group.refused(owner, 'addMessage', says)).error.details, { reason: 'erased' });
    assert.equal((await on.group.refused(owner, 'getHistory', { session_id })).error.status, 'NOT_FOUND');
    assert.deepEqual((await on.group.call(owner, 'listSessions', {})).sessions, []);

    assert.equal((await finish()).completed, 1);
    const complete = await on.single.call(owner, 'deleteMyData', {});
    assert.deepEqual([complete.status, complete.firestore], ['complete', receipt.firestore]);
    await on.group.call(other, 'createSession', {});
  });

  it('are for admins if they name a user', async () => {
    const [owner, admin] = [await on.group.signIn(), await on.group.signIn({ admin: true })];
    await chat(owner);
    const { error } = await on.single.refused(owner, 'deleteUserData', { user_id: owner.uid });
    assert.equal(error.status, 'PERMISSION_DENIED');
    assert.equal((await leftOf(stored, owner.uid)).length, 4);
    const receipt = await on.single.call(admin, 'deleteUserData', { user_id: owner.uid });
    assert.deepEqual([receipt.user_id, receipt.firestore.messages], [owner.uid, 3]);
    assert.deepEqual(await leftOf(stored, owner.uid), []);
    await on.group.call(admin, 'createSession', {});
  });

  it('answer unavailable in an outage, and the erasure is completed all the same', async () => {
    const owner = await on.group.signIn();
    await chat(owner);
    const { faults } = on.single.proxy;
    const effect = { kind: 'code', code: 'UNKNOWN' } as const;
    // The tombstone is written, nothing else.
    const away = faults.add({ methods: ['Commit'], prefix: 'kb_sessions/', when: 'before', effect });
    const { error } = await on.single.refused(owner, 'deleteMyData', {});
    assert.equal(error.status, 'UNAVAILABLE');
    away.remove();
    assert.equal((await on.group.refused(owner, 'createSession', {})).error.details?.reason, 'erased');
    assert.equal((await finish()).swept > 0, true);
    assert.deepEqual(await leftOf(stored, owner.uid), []);
    assert.deepEqual((await on.single.call(owner, 'deleteMyData', {})).firestore, {
      sessions: 1,
      messages: 3,
    });
  });

  it('send only queries with an index, and log no user id', async () => {
    const indexes: IndexFile = JSON.parse(
      readFileSync(new URL('../../../firestore.indexes.json', import.meta.url), 'utf8'),
    );
    assert.deepEqual(missingIndexes(on.single.proxy.queries, indexes), []);
    const owner = await on.group.signIn();
    await on.single.call(owner, 'deleteMyData', {});
    const written = await eventually(
      () => on.single.hosts.map((host) => host.output()).join('\n'),
      (text) => linesIn(text).length > 0,
    );
    assert.equal(written.includes(owner.uid), false);
  });
});
