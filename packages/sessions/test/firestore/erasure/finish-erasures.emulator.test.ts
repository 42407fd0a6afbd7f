import assert from 'node:assert/strict';
import type { Receipt } from 'kb-sessions-contract/receipt';
import { SECOND_SWEEP_MS } from '../../../src/erasure/state.ts';
import { tombstoneDocument } from '../../../src/firestore/documents.ts';
import { eraseUser, finishErasures } from '../../../src/firestore/index.ts';
import { leftOf, storeChats } from '../../fixtures/chats.ts';
import { type FirestoreHarness, frozenFirestoreHarness } from '../../support/firestore-harness.ts';

const NO_DEADLINE = { evict: async () => 0, deadline: Number.POSITIVE_INFINITY, clock: Date.now };
const NONE = { swept: 0, completed: 0, failed: 0, more: false };

describe('finishErasures()', () => {
  let harness: FirestoreHarness;
  beforeEach(() => {
    harness = frozenFirestoreHarness();
  });
  afterEach(() => harness.close());

  const finish = (options: Partial<Parameters<typeof finishErasures>[1]> = {}) =>
    finishErasures(harness.context, { ...NO_DEADLINE, ...options });
  const erase = (owner: string, options = {}): Promise<Receipt> =>
    eraseUser(harness.context, { owner, ...NO_DEADLINE, ...options });
  /** Leaves the tombstone of an erasure that got no further. */
  const ask = (owner: string) => erase(owner, { deadline: 0 });
  const receipt = erase;

  it('does nothing without an erasure or a due sweep', async () => {
    assert.deepEqual(await finish(), NONE);
    await erase('owner');
    harness.advance(SECOND_SWEEP_MS - 1);
    assert.deepEqual(await finish(), NONE);
  });

  it('runs the first sweep of a requested erasure, then a second, and no more', async () => {
    await storeChats(harness.context, { owner: 'owner', sessions: 2, messages: 2 });
    assert.equal((await ask('owner')).status, 'sweeping');
    assert.deepEqual(await finish(), { ...NONE, swept: 1 });
    assert.deepEqual(await leftOf(harness.context, 'owner'), []);
    harness.advance(SECOND_SWEEP_MS);
    assert.deepEqual(await finish(), { ...NONE, swept: 1, completed: 1 });
    const { status, firestore } = await receipt('owner');
    assert.deepEqual([status, firestore], ['complete', { sessions: 2, messages: 4 }]);
    harness.advance(SECOND_SWEEP_MS);
    assert.deepEqual(await finish(), NONE);
  });

  it('processes all pages of users, with any characters in a uid', async () => {
    const owners = Array.from({ length: 120 }, (_, index) => `${index}/%2F "é"`);
    await Promise.all(owners.map(ask));
    const [last = ''] = owners.slice(-1);
    await storeChats(harness.context, { owner: last, sessions: 1, messages: 1 });
    const forgotten: string[] = [];
    const evict = async (owner: string) => forgotten.push(owner) * 0;
    assert.deepEqual(await finish({ evict }), { ...NONE, swept: 120 });
    assert.deepEqual(forgotten.toSorted(), owners.toSorted());
    assert.deepEqual(await leftOf(harness.context, last), []);
  });

  it('continues after a failed erasure, reports it, and the next run retries it', async () => {
    for (const owner of ['first', 'second', 'third']) {
      await ask(owner);
      harness.advance(1);
    }
    const failure = new Error('Redis is away');
    const evict = async (owner: string) => {
      if (owner === 'first') throw failure;
      return 0;
    };
    assert.deepEqual(await finish({ evict }), { ...NONE, swept: 2, failed: 1, failure });
    assert.deepEqual(await finish(), { ...NONE, swept: 1 });
  });

  it('does nothing after its deadline and reports the remaining work', async () => {
    await ask('owner');
    assert.deepEqual(await finish({ deadline: 5, clock: () => 5 }), { ...NONE, more: true });
  });

  it('stops within a user, reports the remaining work, and the next run continues', async () => {
    await storeChats(harness.context, { owner: 'owner', sessions: 1, messages: 1 });
    await ask('owner');
    let asked = 0;
    assert.deepEqual(await finish({ deadline: 2, clock: () => asked++ }), { ...NONE, more: true });
    assert.equal((await leftOf(harness.context, 'owner')).length, 1);
    assert.deepEqual(await finish(), { ...NONE, swept: 1 });
  });

  it('finishes each sweep once in parallel runs', async () => {
    const owners = Array.from({ length: 12 }, (_, index) => `owner ${index}`);
    for (const owner of owners) await storeChats(harness.context, { owner, sessions: 2, messages: 3 });
    await Promise.all(owners.map(ask));
    const runs = await Promise.all([finish(), finish(), finish()]);
    assert.equal(
      runs.reduce((sum, { failed }) => sum + failed, 0),
      0,
    );
    for (const owner of owners) {
      assert.deepEqual((await receipt(owner)).firestore, { sessions: 2, messages: 6 });
      const tombstone = await tombstoneDocument(harness.context.db, owner).get();
      assert.equal(tombstone.get('sweep_at').toMillis(), harness.now() + SECOND_SWEEP_MS);
      assert.equal(tombstone.get('completed_at'), null);
    }
  });
});
