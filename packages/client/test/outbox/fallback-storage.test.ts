import assert from 'node:assert/strict';
import { createClient, memoryStorage, type OutboxStorage } from '../../src/index.ts';
import { withFallbackStorage } from '../../src/outbox/fallback-storage.ts';
import { fakeServer } from './fake-server.ts';
import { session_id } from './ids.ts';
import { kept, storageContract } from './storage-contract.ts';

/** A storage of which the named methods fail while `failing` says so. */
const flaky = (methods: (keyof OutboxStorage)[]) => {
  const memory = memoryStorage();
  const state = { failing: true };
  const fail = async () => Promise.reject(new Error('quota'));
  const storage: OutboxStorage = { ...memory };
  for (const method of methods)
    Object.assign(storage, {
      [method]: (...args: never[]) => (state.failing ? fail() : Reflect.apply(memory[method], memory, args)),
    });
  const errors: unknown[] = [];
  return {
    storage,
    memory,
    state,
    errors,
    reserved: withFallbackStorage(storage, memoryStorage(), (error) => errors.push(error)),
  };
};

const ids = async (storage: OutboxStorage) => (await storage.list('a')).map(({ value }) => Object(value).id);

describe('withFallbackStorage()', () => {
  for (const [title, holds] of Object.entries(storageContract)) {
    it(`${title}, with a working storage`, () =>
      holds(withFallbackStorage(memoryStorage(), memoryStorage(), () => assert.fail('nothing fails'))));
    it(`${title}, with a failing storage`, () =>
      holds(flaky(['list', 'add', 'update', 'remove', 'withLock']).reserved));
  }

  it('stores in memory what the storage rejects, reports it, and keeps the order', async () => {
    const { reserved, memory, state, errors } = flaky(['add']);
    state.failing = false;
    await reserved.add('a', kept(1));
    state.failing = true;
    await reserved.add('a', kept(2));
    state.failing = false;
    await reserved.add('a', kept(3));
    assert.deepEqual(errors.map(String), ['Error: quota']);
    assert.deepEqual(
      await ids(reserved),
      [1, 2, 3].map((n) => kept(n).id),
    );
    assert.deepEqual(await ids(memory), [kept(1).id]);
    for (const { key } of await reserved.list('a')) assert(await reserved.remove('a', key));
    await reserved.add('a', kept(4));
    assert.deepEqual(await ids(memory), [kept(4).id]);
  });

  it('does not report a removal that failed', async () => {
    const { reserved, state, errors } = flaky(['remove', 'update']);
    await reserved.add('a', kept(1));
    const [item] = await reserved.list('a');
    await reserved.update('a', String(item?.key), kept(1, { held_by: 'new' }));
    assert.equal(await reserved.remove('a', String(item?.key)), false);
    state.failing = false;
    assert.equal(await reserved.remove('a', String(item?.key)), true);
    assert.equal(errors.length, 1);
  });

  it('reports a failure once, and again after a success of the storage', async () => {
    const { reserved, state, errors } = flaky(['list']);
    const counts: number[] = [];
    for (const failing of [true, true, false, true, true]) {
      state.failing = failing;
      await reserved.list('a');
      counts.push(errors.length);
    }
    assert.deepEqual(counts, [1, 1, 1, 2, 2]);
  });

  it('acknowledges operations that the storage rejects, and sends them again', async () => {
    const { storage, errors } = flaky(['list', 'add', 'update', 'remove', 'withLock']);
    let away = true;
    const server = fakeServer(() => (away ? 'volatile' : 'durable'));
    const client = createClient(server.transport('thandi'), {
      user: () => 'thandi',
      storage,
      onStorageFailure: (error) => errors.push(error),
    });
    const added = await client.addMessage({ session_id, role: 'user', content: 'erf?' });
    assert.equal(added.durability, 'volatile');
    assert(errors.length > 0);
    server.die();
    away = false;
    assert.equal(await client.flush(), 0);
    assert.deepEqual(server.durable, [added.message_id]);
  });
});
