import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type DocumentSnapshot, FieldValue, type Firestore } from '@google-cloud/firestore';
import { status } from '@grpc/grpc-js';
import { type Cost, type FirestoreProxy, runningSuite, startProxy } from '../../src/index.ts';
import { firestoreAt } from '../support/firestore-at.ts';
import { until } from '../support/until.ts';

describe('startProxy()', () => {
  let target: string;
  let proxy: FirestoreProxy;
  let db: Firestore;

  before(async () => {
    target = runningSuite().firestore;
    proxy = await startProxy({ target });
  });
  beforeEach(() => {
    proxy.setDelay(0);
    db = firestoreAt(proxy.address);
  });
  afterEach(() => db.terminate());
  after(() => proxy?.stop());

  async function costOf(work: () => Promise<unknown>): Promise<Cost> {
    const { cost } = await proxy.meter.measure(work);
    return cost;
  }

  function assertCost(cost: Cost, expected: Partial<Cost>): void {
    assert.deepEqual(cost, { ...cost, reads: 0, writes: 0, deletes: 0, ...expected });
  }

  describe('with its meter', () => {
    it('counts a lookup of a missing document as one read', async () => {
      const { result, cost } = await proxy.meter.measure(() => db.doc('c/missing').get());
      assert.equal(result.exists, false);
      assertCost(cost, { reads: 1, trips: 1, rpcs: { BatchGetDocuments: 1 } });
      assert.ok(cost.bytesUp > 0 && cost.bytesDown > 0);
    });

    it('counts a query without results as one read, and a query with three results as three', async () => {
      const query = db.collection('c').where('n', '>', 0);
      assertCost(await costOf(() => query.get()), { reads: 1, trips: 1, rpcs: { RunQuery: 1 } });
      await Promise.all([1, 2, 3].map((n) => db.collection('c').add({ n })));
      assertCost(await costOf(() => query.get()), { reads: 3, trips: 1, rpcs: { RunQuery: 1 } });
      assertCost(await costOf(() => query.offset(1).limit(1).get()), { reads: 2, trips: 1 });
    });

    it('counts a batch as its writes and its deletes, and one round trip', async () => {
      await db.doc('c/old').set({ n: 1 });
      const cost = await costOf(() =>
        db
          .batch()
          .create(db.doc('c/new'), { n: 1 })
          .update(db.doc('c/old'), { n: 2 })
          .delete(db.doc('c/gone'))
          .commit(),
      );
      assertCost(cost, { writes: 2, deletes: 1, trips: 1, rpcs: { Commit: 1 } });
    });

    it('counts no writes of a failed commit', async () => {
      const { updateTime } = await db
        .doc('c/a')
        .set({ n: 1 })
        .then(() => db.doc('c/a').get());
      await db.doc('c/a').update({ n: 2 });
      const cost = await costOf(() =>
        assert.rejects(
          db
            .batch()
            .create(db.doc('c/b'), {})
            .update(db.doc('c/a'), { n: 3 }, { lastUpdateTime: updateTime ?? assert.fail() })
            .commit(),
          { code: status.FAILED_PRECONDITION },
        ),
      );
      assertCost(cost, { writes: 0, trips: 1, rpcs: { Commit: 1 } });
    });

    it('counts the successful writes of a BulkWriter', async () => {
      await db.doc('c/taken').set({});
      const cost = await costOf(async () => {
        const writer = db.bulkWriter();
        const outcomes = [
          writer.create(db.doc('c/free'), {}),
          writer.set(db.doc('c/other'), {}),
          writer.delete(db.doc('c/gone')),
          writer.create(db.doc('c/taken'), {}),
        ];
        await Promise.all([writer.close(), Promise.allSettled(outcomes)]);
        await assert.rejects(outcomes[3] ?? assert.fail(), { code: status.ALREADY_EXISTS });
      });
      assertCost(cost, { writes: 2, deletes: 1, rpcs: { BatchWrite: 1 } });
    });

    it('counts an aggregation as a read per started 1,000 entries', async () => {
      const query = db.collection('c');
      assertCost(await costOf(() => query.count().get()), { reads: 1, rpcs: { RunAggregationQuery: 1 } });
      const writer = db.bulkWriter();
      for (let n = 0; n < 1001; n++) void writer.create(query.doc(), { n });
      await writer.close();
      assertCost(await costOf(() => query.count().get()), { reads: 2, trips: 1 });
    });

    it('counts a transaction that reads and writes as two round trips', async () => {
      const cost = await costOf(() =>
        db.runTransaction(async (transaction) => {
          await transaction.get(db.doc('c/a'));
          transaction.set(db.doc('c/a'), { n: FieldValue.increment(1) });
        }),
      );
      assertCost(cost, { reads: 1, writes: 1, trips: 2, rpcs: { BatchGetDocuments: 1, Commit: 1 } });
    });

    it('counts parallel calls as one round trip and sequential calls separately', async () => {
      const get = (id: string) => db.doc(`c/${id}`).get();
      const held = proxy.faults.add({ when: 'before', effect: { kind: 'black-hole' } });
      const untilAllArrived = async () => {
        await until(() => held.hits() === 3);
        held.remove();
      };
      const parallel = () => Promise.all([untilAllArrived(), ...['a', 'b', 'c'].map(get)]);
      assertCost(await costOf(parallel), { reads: 3, trips: 1 });
      assertCost(await costOf(() => get('a').then(() => get('b'))), { reads: 2, trips: 2 });
    });

    it('counts the documents that a listener receives while it is open', async () => {
      await db.doc('c/a').set({ n: 1 });
      const seen: DocumentSnapshot[] = [];
      let changed = () => {};
      const listener = await proxy.meter.measure(async () => {
        const first = new Promise<void>((resolve) => {
          changed = resolve;
        });
        const stop = db.doc('c/a').onSnapshot((snapshot) => {
          seen.push(snapshot);
          changed();
        });
        await first;
        return stop;
      });
      assertCost(listener.cost, { reads: 1, trips: 1, rpcs: { Listen: 1 } });
      const update = await costOf(async () => {
        const second = new Promise<void>((resolve) => {
          changed = resolve;
        });
        await db.doc('c/a').set({ n: 2 });
        await second;
      });
      listener.result();
      assertCost(update, { reads: 1, writes: 1, trips: 1, rpcs: { Commit: 1 } });
      assert.deepEqual(
        seen.map((snapshot) => snapshot.get('n')),
        [1, 2],
      );
    });
  });

  it('passes large documents unchanged both ways', async () => {
    const bytes = randomBytes(1_000_000);
    await db.doc('c/large').set({ bytes });
    const snapshot = await db.doc('c/large').get();
    assert.ok(bytes.equals(snapshot.get('bytes')));
  });

  it('returns the errors of the emulator', async () => {
    const errorAt = async (address: string) => {
      const client = firestoreAt(address, 'demo-errors');
      const error: unknown = await client
        .doc('c/missing')
        .update({ n: 1 })
        .catch((reason: unknown) => reason);
      await client.terminate();
      assert.ok(error instanceof Error && 'code' in error && 'details' in error);
      return { code: error.code, details: error.details };
    };
    const through = await errorAt(proxy.address);
    assert.equal(through.code, status.NOT_FOUND);
    assert.deepEqual(through, await errorAt(target));
  });

  it('delays each RPC', async () => {
    await db.doc('c/warm').get();
    proxy.setDelay(100);
    const started = performance.now();
    await db.doc('c/a').get();
    // A timer may be a little early by another clock.
    assert.ok(performance.now() - started > 95);
  });

  it('collects each shape of query once', async () => {
    const fresh = await startProxy({ target });
    const client = firestoreAt(fresh.address);
    const sessions = client.collection('sessions');
    await sessions.where('user', '==', 'a').orderBy('at', 'desc').limit(1).get();
    await sessions.where('user', '==', 'b').orderBy('at', 'desc').limit(2).get();
    await sessions.where('user', '==', 'b').count().get();
    await client.terminate();
    await fresh.stop();
    const where = { field: 'user', relation: 'equality' };
    const from = { collection: 'sessions', scope: 'COLLECTION', where, aggregated: [] };
    assert.deepEqual(fresh.queries, [
      { ...from, orderBy: [{ field: 'at', direction: 'DESCENDING' }] },
      { ...from, orderBy: [] },
    ]);
  });
});
