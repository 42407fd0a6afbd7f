import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { FieldValue, type Firestore, type Transaction } from '@google-cloud/firestore';
import { status } from '@grpc/grpc-js';
import {
  type AddedFault,
  type Fault,
  type FirestoreProxy,
  runningSuite,
  startProxy,
} from '../../src/index.ts';
import { firestoreAt } from '../support/firestore-at.ts';
import { until } from '../support/until.ts';

describe('the Admin SDK, at a proxy with faults,', () => {
  let proxy: FirestoreProxy;
  let db: Firestore;
  /** Past the proxy. */
  let direct: Firestore;

  beforeEach(async () => {
    const target = runningSuite().firestore;
    const projectId = `demo-${randomUUID()}`;
    proxy = await startProxy({ target });
    db = firestoreAt(proxy.address, projectId);
    direct = firestoreAt(target, projectId);
  });
  afterEach(async () => {
    await proxy.stop();
    await Promise.all([db.terminate(), direct.terminate()]);
  });

  async function n(path: string): Promise<unknown> {
    return (await direct.doc(path).get()).get('n');
  }

  /** What a caller has seen of its work: `OK`, or the code of the error. */
  function outcome(work: Promise<unknown>): Promise<unknown> {
    return work.then(
      () => 'OK',
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    );
  }

  function firstCommit(effect: Extract<Fault, { when: 'after' }>['effect']): AddedFault {
    return proxy.faults.add({ methods: ['Commit'], times: 1, when: 'after', effect });
  }

  describe('after an applied commit with an error', () => {
    beforeEach(() => direct.doc('c/a').set({ n: 0 }));

    const a = () => db.doc('c/a');
    const readAndWrite = async (transaction: Transaction) => {
      const read = await transaction.get(a());
      transaction.update(a(), { n: Number(read.get('n')) + 1 });
    };
    const once = async (transaction: Transaction) => {
      if ((await transaction.get(db.doc('c/marker'))).exists) return;
      transaction.create(db.doc('c/marker'), {}).update(a(), { n: FieldValue.increment(1) });
    };
    const { INVALID_ARGUMENT, ALREADY_EXISTS, DEADLINE_EXCEEDED, INTERNAL } = status;
    const works = {
      increment: () => a().update({ n: FieldValue.increment(1) }),
      create: () => db.doc('c/created').create({ n: 1 }),
      'transaction that reads and writes': () => db.runTransaction(readAndWrite),
      'transaction with a marker': () => db.runTransaction(once),
    };
    const rows: [
      work: keyof typeof works,
      code: 'UNAVAILABLE' | 'DEADLINE_EXCEEDED' | 'INTERNAL',
      seen: unknown,
      n: number,
    ][] = [
      ['increment', 'UNAVAILABLE', 'OK', 2],
      ['increment', 'DEADLINE_EXCEEDED', DEADLINE_EXCEEDED, 1],
      ['increment', 'INTERNAL', INTERNAL, 1],
      ['create', 'UNAVAILABLE', ALREADY_EXISTS, 0],
      ['create', 'DEADLINE_EXCEEDED', DEADLINE_EXCEEDED, 0],
      ['create', 'INTERNAL', INTERNAL, 0],
      ['transaction that reads and writes', 'UNAVAILABLE', INVALID_ARGUMENT, 1],
      ['transaction that reads and writes', 'DEADLINE_EXCEEDED', 'OK', 2],
      ['transaction with a marker', 'DEADLINE_EXCEEDED', 'OK', 1],
      ['transaction with a marker', 'INTERNAL', 'OK', 1],
    ];
    for (const [work, code, seen, expected] of rows) {
      it(`returns ${seen} for ${work} with ${code}, and leaves n at ${expected}`, async () => {
        const fault = firstCommit({ kind: 'code', code });
        assert.deepEqual([await outcome(works[work]()), await n('c/a'), fault.hits()], [seen, expected, 1]);
        if (work === 'create') assert.equal(await n('c/created'), 1);
      });
    }

    it('treats a reset connection as UNAVAILABLE', async () => {
      firstCommit({ kind: 'drop' });
      assert.deepEqual([await outcome(works.increment()), await n('c/a')], ['OK', 2]);
    });
  });

  it('is charged for a batch that was applied and answered with an error', async () => {
    firstCommit({ kind: 'code', code: 'INTERNAL' });
    const batch = db.batch().create(db.doc('c/a'), { n: 1 }).delete(db.doc('c/b'));
    const { result, cost } = await proxy.meter.measure(() => outcome(batch.commit()));
    assert.deepEqual([result, await n('c/a')], [status.INTERNAL, 1]);
    assert.deepEqual([cost.writes, cost.deletes, cost.rpcs], [1, 1, { Commit: 1 }]);
  });

  it('resumes a truncated query at the same position', async () => {
    await Promise.all(['c/a', 'c/b', 'c/c', 'c/d'].map((path) => direct.doc(path).set({ n: 1 })));
    const effect = { kind: 'cut', afterMessages: 3 } as const;
    proxy.faults.add({ methods: ['RunQuery'], times: 1, when: 'after', effect });
    const { result, cost } = await proxy.meter.measure(() => db.collection('c').get());
    assert.deepEqual(
      result.docs.map(({ id }) => id),
      ['a', 'b', 'c', 'd'],
    );
    assert.deepEqual([cost.rpcs, cost.reads], [{ RunQuery: 2 }, 4 + 1]);
  });

  it('waits for a call in a black hole until the fault is removed', async () => {
    const fault = proxy.faults.add({ when: 'before', effect: { kind: 'black-hole' } });
    let answered = false;
    const pending = outcome(db.doc('c/a').set({ n: 1 })).finally(() => {
      answered = true;
    });
    await until(() => fault.hits() === 1);
    assert.deepEqual([await n('c/a'), answered], [undefined, false]);
    fault.remove();
    assert.deepEqual([await pending, await n('c/a')], ['OK', 1]);
  });
});
