import assert from 'node:assert/strict';
import { FieldValue, Timestamp } from 'firebase-admin/firestore';
import { tombstoneDocument } from '../../../src/firestore/documents.ts';
import { listErasedUsers } from '../../../src/firestore/index.ts';
import { type OperationCost, trackCost } from '../../../src/index.ts';
import { type FirestoreHarness, frozenFirestoreHarness } from '../../support/firestore-harness.ts';

/** Two pages and a little. */
const MANY = 605;
const LONG_AGO = Date.parse('2026-01-01T00:00:00.000Z');

describe('listErasedUsers()', () => {
  let harness: FirestoreHarness;
  beforeEach(() => {
    harness = frozenFirestoreHarness();
  });
  afterEach(() => harness.close());

  const mark = async (owner: string, updated_at: Timestamp | FieldValue): Promise<void> => {
    await tombstoneDocument(harness.context.db, owner).set({ updated_at });
  };
  const since = async (ms: number): Promise<{ owners: string[]; until: number; cost: OperationCost }> => {
    const cost = { documents_read: 0, documents_written: 0 };
    return { ...(await trackCost(cost, () => listErasedUsers(harness.context, ms))), cost };
  };

  it('returns all users marked after that time in that order, with any name', async () => {
    const owners = ['ann', 'a/b', 'a%2Fb', '..', '__x__', 'ünï 𝄞', 'uid_uid_', '%'];
    for (const [index, owner] of owners.entries()) await mark(owner, Timestamp.fromMillis(LONG_AGO + index));
    assert.deepEqual((await since(LONG_AGO - 1)).owners, owners);
    assert.deepEqual((await since(LONG_AGO + 3)).owners, owners.slice(4));
    const { owners: nobody, cost } = await since(LONG_AGO + 7);
    assert.deepEqual([nobody, cost], [[], { documents_read: 1, documents_written: 0 }]);
  });

  it('returns each of very many users once, at one read per user', async () => {
    const owners = Array.from({ length: MANY }, (_, index) => `owner ${index}`);
    const writer = harness.context.db.bulkWriter();
    for (const [index, owner] of owners.entries()) {
      // Hundreds at one time, so that pages end inside it.
      const updated_at = Timestamp.fromMillis(LONG_AGO + Math.floor(index / 400));
      void writer.set(tombstoneDocument(harness.context.db, owner), { updated_at });
    }
    await writer.close();
    const { owners: found, cost } = await since(0);
    assert.deepEqual(found.toSorted(), owners.toSorted());
    assert.deepEqual(cost, { documents_read: MANY, documents_written: 0 });
  });

  it('returns the time for the next query, so that it misses no user', async () => {
    await mark('ann', Timestamp.fromMillis(LONG_AGO));
    const first = await since(0);
    assert.deepEqual(first.owners, ['ann']);
    await mark('bob', FieldValue.serverTimestamp());
    assert.deepEqual((await since(first.until)).owners, ['bob']);
    // The second sweep of an erasure.
    await mark('ann', FieldValue.serverTimestamp());
    assert.deepEqual((await since(first.until)).owners, ['bob', 'ann']);
  });
});
