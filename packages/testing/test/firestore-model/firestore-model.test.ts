import assert from 'node:assert/strict';
import { FieldPath, FieldValue, Firestore, type WriteBatch } from '@google-cloud/firestore';
import { type Connection, FirestoreModel, type ModelFault, RELIABLE_CONNECTION } from 'kb-sessions-testing';

const clientOf = (model: FirestoreModel, connection: Partial<Connection> = {}): Firestore =>
  model.serve(new Firestore({ projectId: 'demo-model' }), { ...RELIABLE_CONNECTION, ...connection });

const failing = (fault: ModelFault): Partial<Connection> => ({
  fault: (method) => (method === 'commit' ? fault : { kind: 'pass' }),
});

/** A schedule that lets one in when it is told to. */
const gate = () => {
  const waiting: { label: string; enter: () => void }[] = [];
  return {
    schedule: (label: string) => new Promise<void>((enter) => waiting.push({ label, enter })),
    waiting: () => waiting.map(({ label }) => label),
    next: async () => {
      waiting.shift()?.enter();
      await new Promise(setImmediate);
    },
  };
};

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => assert.fail('expected an error'),
    (error: Error & { code?: number }) => error.code,
  );

describe('FirestoreModel', () => {
  it('shares its documents between clients and returns copies', async () => {
    const model = new FirestoreModel(Date.now);
    const [one, other] = [clientOf(model), clientOf(model)];
    const given = { tags: ['a'] };
    await one.doc('things/a').create(given);
    given.tags.push('b');
    const found = await other.doc('things/a').get();
    found.data()?.tags.push('c');
    assert.deepEqual((await one.doc('things/a').get()).data(), { tags: ['a'] });
  });

  it('gives every commit a later time, even with a constant clock', async () => {
    const db = clientOf(new FirestoreModel(() => 1_000));
    const thing = db.doc('things/a');
    const times = [await thing.set({ n: 1 }), await thing.set({ n: 2 })].map(({ writeTime }) => writeTime);
    assert.deepEqual(
      times.map(({ seconds, nanoseconds }) => [seconds, nanoseconds]),
      [
        [1, 0],
        [1, 1_000],
      ],
    );
    const { readTime, updateTime } = await thing.get();
    assert.deepEqual(readTime, updateTime);
  });

  it('writes either all of a commit or nothing', async () => {
    const db = clientOf(new FirestoreModel(Date.now));
    const batch: WriteBatch = db.batch();
    batch.create(db.doc('things/a'), {}).update(db.doc('things/b'), { n: 1 });
    assert.equal(await codeOf(batch.commit()), 5);
    assert.equal((await db.doc('things/a').get()).exists, false);
  });

  it('fails a call before or after its effect', async () => {
    const model = new FirestoreModel(Date.now);
    const thing = clientOf(model).doc('things/a');
    await thing.set({ n: 0 });
    const increment = { n: FieldValue.increment(1) };
    const before = clientOf(model, failing({ kind: 'before', code: 13 })).doc('things/a');
    assert.equal(await codeOf(before.update(increment)), 13);
    assert.deepEqual((await thing.get()).data(), { n: 0 });
    const after = clientOf(model, failing({ kind: 'after', code: 2 })).doc('things/a');
    assert.equal(await codeOf(after.update(increment)), 2);
    assert.deepEqual((await thing.get()).data(), { n: 1 });
  });

  it('retries a call like the client library, and returns the second outcome', async () => {
    const model = new FirestoreModel(Date.now);
    const repeated = clientOf(model, failing({ kind: 'repeated' }));
    assert.equal(await codeOf(repeated.doc('things/a').create({ n: 1 })), 6);
    assert.deepEqual((await clientOf(model).doc('things/a').get()).data(), { n: 1 });
  });

  it('applies a call after its caller has stopped waiting', async () => {
    const model = new FirestoreModel(Date.now);
    const { schedule, waiting, next } = gate();
    const late = clientOf(model, { ...failing({ kind: 'late' }), schedule });
    const code = codeOf(late.doc('things/a').create({ n: 1 }));
    await new Promise(setImmediate);
    await next();
    assert.equal(await code, 4);
    const thing = clientOf(model).doc('things/a');
    assert.deepEqual([waiting(), (await thing.get()).exists], [['late commit'], false]);
    await next();
    await model.drainLateCalls();
    assert.equal((await thing.get()).exists, true);
  });

  it('waits for the schedule before the effect and before the answer of a call', async () => {
    const model = new FirestoreModel(Date.now);
    const { schedule, waiting, next } = gate();
    const setting = clientOf(model, { schedule }).doc('things/a').set({ n: 1 });
    const thing = clientOf(model).doc('things/a');
    await new Promise(setImmediate);
    assert.deepEqual([waiting(), (await thing.get()).exists], [['commit'], false]);
    await next();
    assert.deepEqual([waiting(), (await thing.get()).exists], [['commit answers'], true]);
    await next();
    await setting;
  });

  it('supports the commit time and any field name', async () => {
    const db = clientOf(new FirestoreModel(() => 1_700_000_000_000));
    const thing = db.doc('things/a');
    await thing.set({ at: FieldValue.serverTimestamp() });
    await thing.update(new FieldPath('of', 'a.b'), 1);
    const found = await thing.get();
    assert.deepEqual(found.data(), { at: found.createTime, of: { 'a.b': 1 } });
  });

  it('refuses unsupported requests', async () => {
    const db = clientOf(new FirestoreModel(Date.now));
    await db.doc('things/b').set({ tags: ['a'] });
    assert.equal(await codeOf(db.collection('things').where('tags', 'array-contains', 'a').get()), 12);
    assert.equal(await codeOf(db.doc('things/a').set({ tags: FieldValue.arrayUnion('b') })), 12);
    assert.equal(await codeOf(db.runTransaction(async (transaction) => transaction.get(db.doc('a/b')))), 12);
  });
});
