import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type FirestoreProxy, runningSuite, startProxy } from 'kb-sessions-testing';
import { SECOND_SWEEP_MS } from '../../../src/erasure/state.ts';
import { CLIENT_SETTINGS, eraseUser, type FirestoreContext } from '../../../src/firestore/index.ts';
import { SMALL_LIMITS } from '../../../src/testing/small-limits.ts';
import { leftOf, storeChats, totalsOf } from '../../fixtures/chats.ts';
import { contextAt } from '../../support/context-at.ts';
import { frozenTime } from '../../support/frozen-time.ts';

const MANY = { sessions: 4, messages: 3 };
const DOCUMENTS = { sessions: 4, messages: 12 };
/** What waits in the journal. */
const ENTRIES = 2;

describe('an erasure that is interrupted', () => {
  let proxy: FirestoreProxy;
  before(async () => {
    proxy = await startProxy({ target: runningSuite().firestore });
  });
  after(() => proxy?.stop());

  /** A user with documents and a journal with entries, in a database of their own. */
  const startUser = async () => {
    const { firestore, projectId } = runningSuite();
    const database = `test-${randomUUID()}`;
    const time = frozenTime();
    const calm = contextAt(firestore, projectId, SMALL_LIMITS, database);
    const context: FirestoreContext = {
      ...contextAt(proxy.address, projectId, SMALL_LIMITS, database),
      now: time.now,
    };
    context.db.settings(CLIENT_SETTINGS);
    const owner = randomUUID();
    const expected = await storeChats(calm, { owner, ...MANY });
    let waiting = ENTRIES;
    const evict = async () => {
      const forgotten = waiting;
      waiting = 0;
      return forgotten;
    };
    const erase = () =>
      eraseUser(context, { owner, evict, deadline: Number.POSITIVE_INFINITY, clock: Date.now });
    const eraseTwice = async () => {
      await erase();
      time.advance(SECOND_SWEEP_MS);
      return erase();
    };
    const finish = async () => {
      const { status, firestore: deleted, journals } = await eraseTwice();
      assert.deepEqual([status, deleted], ['complete', DOCUMENTS]);
      assert.deepEqual(await leftOf(calm, owner), []);
      assert.deepEqual(await totalsOf(calm), expected);
      await Promise.all([context.db.terminate(), calm.db.terminate()]);
      return journals.entries;
    };
    return { eraseTwice, finish };
  };

  /** Plays an erasure with each of its RPCs struck in turn; what is counted of the journal each time. */
  const strikeEach = async (strike: (skip: number) => { hits(): number }): Promise<number[]> => {
    const entries: number[] = [];
    for (let skip = 0; ; skip += 1) {
      const user = await startUser();
      const struck = strike(skip);
      await user.eraseTwice().catch(() => {});
      proxy.faults.clear();
      entries.push(await user.finish());
      if (struck.hits() === 0) return entries;
    }
  };

  const DENIED = { kind: 'code', code: 'PERMISSION_DENIED' } as const;

  it('reaches the same result when its instance stops before any RPC', async () => {
    const entries = await strikeEach((skip) => proxy.faults.add({ skip, when: 'before', effect: DENIED }));
    assert.ok(entries.length > 15, `${entries.length} RPCs`);
    // Once it was right after the entries were forgotten, and before that was noted.
    assert.deepEqual(entries.toSorted(), [0, ...Array(entries.length - 1).fill(ENTRIES)]);
  });

  it('reaches the same result when its instance stops after any commit', async () => {
    const entries = await strikeEach((skip) => {
      const methods = ['Commit'] as const;
      const struck = proxy.faults.add({ methods, skip, times: 1, when: 'after', effect: DENIED });
      // The rest is as if it never happened.
      proxy.faults.add({ methods, skip, when: 'before', effect: DENIED });
      return struck;
    });
    assert.ok(entries.length > 6, `${entries.length} commits`);
    assert.deepEqual(entries, Array(entries.length).fill(ENTRIES));
  });

  for (const code of ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL'] as const) {
    it(`deletes and counts once when an applied commit reports ${code}`, async () => {
      const entries = await strikeEach((skip) =>
        proxy.faults.add({
          methods: ['Commit'],
          skip,
          times: 1,
          when: 'after',
          effect: { kind: 'code', code },
        }),
      );
      assert.deepEqual(entries, Array(entries.length).fill(ENTRIES));
    });
  }
});
