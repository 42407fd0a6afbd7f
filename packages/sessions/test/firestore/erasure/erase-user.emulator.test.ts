import assert from 'node:assert/strict';
import { GrpcStatus } from 'firebase-admin/firestore';
import { toIsoTime } from '../../../src/clock.ts';
import { SECOND_SWEEP_MS } from '../../../src/erasure/state.ts';
import { isConflict } from '../../../src/firestore/classify-error.ts';
import {
  messagesCollection,
  sessionsCollection,
  tombstoneDocument,
} from '../../../src/firestore/documents.ts';
import { countMessage, eraseUser, FirestoreStore, reconcileCounters } from '../../../src/firestore/index.ts';
import { type OperationCost, trackCost } from '../../../src/operation-cost.ts';
import { unavailableError } from '../../../src/session-errors.ts';
import { Actor, newMessage } from '../../../src/testing/actor.ts';
import { assertFails } from '../../../src/testing/assert-fails.ts';
import { leftOf, storeChats, totalsOf } from '../../fixtures/chats.ts';
import { creationsOf, dayTotals, store, storedSession } from '../../fixtures/documents.ts';
import { withCommits } from '../../fixtures/override-methods.ts';
import { messageOf, sessionOf } from '../../fixtures/records.ts';
import { type FirestoreHarness, frozenFirestoreHarness } from '../../support/firestore-harness.ts';

const OWNER = 'owner/of "all"';
const NO_DEADLINE = { deadline: Number.POSITIVE_INFINITY, clock: Date.now };

describe('eraseUser()', () => {
  let harness: FirestoreHarness;
  beforeEach(() => {
    harness = frozenFirestoreHarness();
  });
  afterEach(() => harness.close());

  const erase = (options: Partial<Parameters<typeof eraseUser>[1]> = {}, context = harness.context) =>
    eraseUser(context, { owner: OWNER, evict: async () => 0, ...NO_DEADLINE, ...options });

  it('erases a user without data and returns the time', async () => {
    const asked_at = toIsoTime(harness.now());
    const receipt = {
      user_id: OWNER,
      asked_at,
      swept_at: asked_at,
      firestore: { sessions: 0, messages: 0 },
      journals: { entries: 0 },
    };
    assert.deepEqual(await erase(), { ...receipt, status: 'waiting', completed_at: null });
    harness.advance(SECOND_SWEEP_MS - 1);
    assert.equal((await erase()).status, 'waiting');
    harness.advance(1);
    const complete = { ...receipt, status: 'complete', completed_at: toIsoTime(harness.now()) };
    assert.deepEqual(await erase(), complete);
    harness.advance(SECOND_SWEEP_MS);
    assert.deepEqual(await erase(), complete);
  });

  it('deletes all data of one user and none of others, and leaves complete daily totals', async () => {
    const mine = { owner: OWNER, sessions: 8, messages: 12 };
    const expected = await storeChats(harness.context, mine);
    const others = [sessionOf({ user_id: 'owner' }), sessionOf({ user_id: `${OWNER}2` })];
    const said = others.map(({ user_id }) => messageOf({ user_id, counted: null, uncounted: true }));
    await store(harness.context, { sessions: others, messages: said });
    const receipt = await erase();
    assert.deepEqual([receipt.status, receipt.firestore], ['waiting', { sessions: 8, messages: 96 }]);
    assert.deepEqual(await leftOf(harness.context, OWNER), []);
    assert.deepEqual(await totalsOf(harness.context), expected);
    for (const session of others) {
      assert.deepEqual(await storedSession(harness.context, session.session_id), session);
    }
    const left = (await creationsOf(harness.context)).map(({ message }) => message);
    assert.deepEqual(new Set(left), new Set(said));
  });

  it('deletes the data in Firestore while a journal is unavailable, and stays due until that recovers', async () => {
    await storeChats(harness.context, { owner: OWNER, sessions: 2, messages: 2 });
    const away = () => Promise.reject(unavailableError('the shared journal is away'));
    await assertFails(erase({ evict: away }), 'unavailable');
    assert.deepEqual(await leftOf(harness.context, OWNER), []);
    const receipt = await erase({ evict: async () => 3 });
    assert.deepEqual(
      [receipt.status, receipt.firestore, receipt.journals],
      ['waiting', { sessions: 2, messages: 4 }, { entries: 3 }],
    );
  });

  it('leaves only an id and numbers of the user', async () => {
    await storeChats(harness.context, { owner: OWNER, sessions: 2, messages: 2 });
    await erase({ evict: async () => 3 });
    const { updated_at, entries, ...tombstone } =
      (await tombstoneDocument(harness.context.db, OWNER).get()).data() ?? {};
    assert.deepEqual(Object.keys(tombstone).toSorted(), [
      'asked_at',
      'completed_at',
      'messages',
      'sessions',
      'sweep_at',
      'swept_at',
    ]);
    assert.ok(updated_at);
    assert.deepEqual(Object.values(entries), [3]);
  });

  it('processes all pages', async () => {
    await storeChats(harness.context, { owner: OWNER, sessions: 310, messages: 3 });
    assert.deepEqual((await erase()).firestore, { sessions: 310, messages: 930 });
    assert.deepEqual(await leftOf(harness.context, OWNER), []);
  });

  it('costs a read and a write per document, a write per page and day, and a few reads', async () => {
    await store(harness.context, {
      sessions: Array.from({ length: 301 }, () => sessionOf({ user_id: OWNER })),
      messages: [messageOf({ user_id: OWNER })],
    });
    const cost: OperationCost = { documents_read: 0, documents_written: 0 };
    await trackCost(cost, () => erase());
    // The tombstone three times, and that nothing is left of either kind; three pages, one day, the tombstone twice.
    assert.deepEqual(cost, { documents_read: 302 + 3 + 2, documents_written: 302 + 3 + 1 + 2 });
  });

  it('refuses later creations, recoveries and replays of the user', async () => {
    const actor = new Actor(harness.store, OWNER);
    const session_id = await actor.converse(2);
    await erase();
    const erased = { reason: 'erased' } as const;
    for (const call of [
      () => actor.create(),
      () => actor.append(session_id, [newMessage()], { replay: true }),
      () => actor.append(session_id, [newMessage()], { recover: true }),
      () => actor.get(session_id, { recover: true }),
    ]) {
      await assert.rejects(call(), { code: 'failed-precondition', details: erased });
    }
    await assertFails(actor.append(session_id, [newMessage()]), 'not-found');
    assert.deepEqual(await leftOf(harness.context, OWNER), []);
  });

  it('stops a running append', async () => {
    const actor = new Actor(harness.store, OWNER);
    const session_id = await actor.converse(1);
    const db = withCommits(harness.context.db, async (commit) => {
      await erase();
      return commit();
    });
    const slow = new Actor(new FirestoreStore({ ...harness.context, db }), OWNER);
    await assertFails(slow.append(session_id, [newMessage()]), 'not-found');
    assert.deepEqual(await leftOf(harness.context, OWNER), []);
  });

  it('deletes and counts in its second sweep the data that landed after the first', async () => {
    const expected = await storeChats(harness.context, { owner: OWNER, sessions: 3, messages: 3 });
    await erase();
    await storeChats(harness.context, { owner: OWNER, sessions: 1, messages: 4 });
    harness.advance(SECOND_SWEEP_MS);
    const receipt = await erase();
    assert.deepEqual([receipt.status, receipt.firestore], ['complete', { sessions: 4, messages: 13 }]);
    assert.deepEqual(await leftOf(harness.context, OWNER), []);
    const [first] = await totalsOf(harness.context);
    assert.equal(first?.message_count, (expected[0]?.message_count ?? 0) + 4);
  });

  it('deletes sessions in the sweep during which they open', async () => {
    await storeChats(harness.context, { owner: OWNER, sessions: 1, messages: 1 });
    let commits = 0;
    const db = withCommits(harness.context.db, async (commit) => {
      // The messages are deleted by the second commit.
      if (++commits === 2) await storeChats(harness.context, { owner: OWNER, sessions: 1, messages: 0 });
      return commit();
    });
    assert.deepEqual((await erase({}, { ...harness.context, db })).firestore, { sessions: 2, messages: 1 });
    assert.deepEqual(await leftOf(harness.context, OWNER), []);
  });

  it('keeps deleted data deleted when triggers arrive late', async () => {
    const actor = new Actor(harness.store, OWNER);
    const session_id = await actor.converse(5);
    const creations = await creationsOf(harness.context);
    assert.deepEqual((await erase()).firestore, { sessions: 1, messages: 5 });
    const day = toIsoTime(harness.now()).slice(0, 10);
    const totals = await dayTotals(harness.context, day);
    assert.equal(totals.message_count, 5);
    for (const { message, updateTime } of creations) {
      assert.equal(await countMessage(harness.context, message, updateTime), 'gone');
    }
    assert.deepEqual(await dayTotals(harness.context, day), totals);
    assert.deepEqual(await leftOf(harness.context, OWNER), []);
    assert.equal(await storedSession(harness.context, session_id), null);
  });

  it('counts a message once that is counted between its read and its deletion', async () => {
    const message = messageOf({ user_id: OWNER });
    await store(harness.context, { messages: [message] });
    const { updateTime } = await messagesCollection(harness.context.db).doc(message.message_id).get();
    assert.ok(updateTime);
    let commits = 0;
    const db = withCommits(harness.context.db, async (commit) => {
      if (++commits === 1) {
        // Opened late, by a call from before the erasure.
        const { session_id } = message;
        await store(harness.context, { sessions: [sessionOf({ session_id, user_id: OWNER })] });
        assert.equal(await countMessage(harness.context, message, updateTime), 'counted');
      }
      return commit();
    });
    assert.deepEqual((await erase({}, { ...harness.context, db })).firestore, { sessions: 1, messages: 1 });
    assert.equal((await totalsOf(harness.context))[0]?.message_count, 1);
  });

  it('counts the end of a session that ends between its read and its deletion', async () => {
    const actor = new Actor(harness.store, OWNER);
    const session_id = await actor.converse(1);
    let commits = 0;
    const db = withCommits(harness.context.db, async (commit) => {
      if (++commits === 1) await actor.end(session_id);
      return commit();
    });
    assert.deepEqual((await erase({}, { ...harness.context, db })).firestore, { sessions: 1, messages: 1 });
    const totals = await dayTotals(harness.context, toIsoTime(harness.now()).slice(0, 10));
    assert.deepEqual([totals.sessions_created, totals.sessions_over_user], [1, 1]);
  });

  it('fails when a document cannot be deleted, and leaves the sweep due', async () => {
    await storeChats(harness.context, { owner: OWNER, sessions: 5, messages: 0 });
    let commits = 0;
    const db = withCommits(harness.context.db, async () => {
      commits += 1;
      throw Object.assign(new Error('contention'), { code: GrpcStatus.ABORTED });
    });
    await assertFails(erase({}, { ...harness.context, db }), 'aborted');
    assert.ok(commits < 70, `${commits} commits`);
    assert.deepEqual((await erase()).firestore, { sessions: 5, messages: 0 });
  });

  it('reduces its batch when a page is too large and increases it again later', async () => {
    await storeChats(harness.context, { owner: OWNER, sessions: 1, messages: 60 });
    let [commits, refused] = [0, 0];
    // Before any message is deleted: a page of 60, then one of 15.
    const db = withCommits(harness.context.db, async (commit) => {
      commits += 1;
      if (refused < 2 && (await leftOf(harness.context, OWNER)).length === 60) {
        refused += 1;
        throw Object.assign(new Error('Transaction too big'), { code: GrpcStatus.INVALID_ARGUMENT });
      }
      return commit();
    });
    assert.deepEqual((await erase({}, { ...harness.context, db })).firestore, { sessions: 1, messages: 60 });
    // The session, two that were refused, and pages of 4, 8, 16 and 32.
    assert.deepEqual([commits, refused], [7, 2]);
  });

  it('deletes and counts nothing by an abandoned commit that lands after the end', async () => {
    const expected = await storeChats(harness.context, { owner: OWNER, sessions: 4, messages: 4 });
    const late: (() => Promise<unknown>)[] = [];
    const db = withCommits(harness.context.db, async (commit) => {
      if (late.length === 2) return commit();
      late.push(commit);
      throw Object.assign(new Error('given up'), { code: GrpcStatus.DEADLINE_EXCEEDED });
    });
    const receipt = await erase({}, { ...harness.context, db });
    assert.deepEqual(receipt.firestore, { sessions: 4, messages: 16 });
    for (const land of late) await assert.rejects(land, isConflict);
    assert.deepEqual(await erase(), receipt);
    assert.deepEqual(await totalsOf(harness.context), expected);
  });

  it('counts messages that lost their mark in reconcileCounters() because their session was missing', async () => {
    const messages = [1, 2].map((seq) => messageOf({ user_id: OWNER, seq }));
    await store(harness.context, { messages });
    const { uncountable } = await reconcileCounters(harness.context, { ...NO_DEADLINE, triggerGraceMs: 0 });
    assert.equal(uncountable, 2);
    await erase();
    assert.equal((await totalsOf(harness.context))[0]?.message_count, 2);
  });

  it('deletes malformed documents as well', async () => {
    const { db } = harness.context;
    await messagesCollection(db).doc('broken').set({ user_id: OWNER, uncounted: true, metadata: 'none' });
    await sessionsCollection(db).doc('broken').set({ user_id: OWNER, uncounted: true });
    assert.deepEqual((await erase()).firestore, { sessions: 1, messages: 1 });
    assert.deepEqual(await leftOf(harness.context, OWNER), []);
  });

  it('stops at its deadline, reports that it is sweeping, and continues on the next call', async () => {
    await storeChats(harness.context, { owner: OWNER, sessions: 1, messages: 400 });
    let asked = 0;
    // One page of sessions and one of messages.
    const cut = await erase({ deadline: 2, clock: () => asked++ });
    assert.deepEqual([cut.status, cut.firestore], ['sweeping', { sessions: 1, messages: 300 }]);
    assert.equal((await leftOf(harness.context, OWNER)).length, 100);
    assert.deepEqual((await erase()).firestore, { sessions: 1, messages: 400 });
  });

  it('deletes and counts everything once in parallel sweeps', async () => {
    const mine = { owner: OWNER, sessions: 40, messages: 20 };
    const expected = await storeChats(harness.context, mine);
    await Promise.all([erase(), erase({}, { ...harness.context }), erase()]);
    const receipt = await erase();
    assert.deepEqual([receipt.status, receipt.firestore], ['waiting', { sessions: 40, messages: 800 }]);
    assert.deepEqual(await leftOf(harness.context, OWNER), []);
    assert.deepEqual(await totalsOf(harness.context), expected);
  });

  it('calls the evict function before each sweep and adds up the entries', async () => {
    await storeChats(harness.context, { owner: OWNER, sessions: 1, messages: 1 });
    const left: number[] = [];
    const evict = async (owner: string) => {
      left.push((await leftOf(harness.context, owner)).length);
      return 2;
    };
    assert.deepEqual((await erase({ evict })).journals, { entries: 2 });
    harness.advance(SECOND_SWEEP_MS);
    assert.deepEqual((await erase({ evict })).journals, { entries: 4 });
    assert.deepEqual(left, [2, 0]);
  });

  it('fails with the error of the evict function and leaves the sweep due', async () => {
    await storeChats(harness.context, { owner: OWNER, sessions: 1, messages: 1 });
    const away = new Error('Redis is away');
    await assert.rejects(erase({ evict: () => Promise.reject(away) }), away);
    await assert.rejects(new Actor(harness.store, OWNER).create(), { details: { reason: 'erased' } });
    assert.equal((await erase()).status, 'waiting');
    assert.deepEqual(await leftOf(harness.context, OWNER), []);
  });
});
