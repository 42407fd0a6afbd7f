import assert from 'node:assert/strict';
import {
  createClient,
  directTransport,
  memoryStorage,
  SessionsError,
  type Settlement,
  type Transport,
} from '../../src/index.ts';
import { FakeHttpsError } from '../support.ts';
import { settle, setUp } from './client-harness.ts';
import { idOf, session_id } from './ids.ts';
import { kept } from './storage-contract.ts';

const receipt = { user_id: 'thandi', status: 'waiting' };

/** A client whose deletions `erase` answers, and whose other calls the server of `setUp`. */
const world = async (erase: () => Promise<unknown> = async () => receipt) => {
  const basis = setUp();
  const { server, storage, state } = basis;
  const settled: Settlement[] = [];
  const counts: number[] = [];
  const names: string[] = [];
  const deleting = directTransport({ deleteMyData: { run: erase } });
  const transport: Transport = (name, data) => {
    names.push(name);
    return (name === 'deleteMyData' ? deleting : server.transport(String(state.user)))(name, data);
  };
  const client = createClient(transport, {
    user: () => state.user,
    storage,
    onSettled: (one) => settled.push(one),
    onPending: (count) => counts.push(count),
  });
  for (const n of [1, 2]) await storage.add('thandi', kept(n));
  await settle();
  counts.splice(0);
  return { ...basis, client, settled, counts, names };
};

describe('deleteMyData()', () => {
  it('removes the stored operations of the user from this device and reports it', async () => {
    const { client, settled, counts, names } = await world();
    assert.deepEqual(await client.deleteMyData(), receipt);
    await settle();
    assert.deepEqual(names, ['deleteMyData']);
    assert.equal(await client.pending(), 0);
    assert.equal(counts.at(-1), 0);
    assert.deepEqual(
      settled.map((one) => one.outcome === 'refused' && [one.call?.input, one.error.code, one.error.reason]),
      [1, 2].map((n) => [kept(n).input, 'failed-precondition', 'erased']),
    );
  });

  it('removes unreadable operations and those of a later version, but none of other users', async () => {
    const { client, storage, settled } = await world();
    await storage.add('thandi', Object({ ...kept(3), form: 2 }));
    await storage.add('thandi', Object({ id: 'odd' }));
    await storage.add('sipho', kept(4));
    await client.deleteMyData();
    await settle();
    assert.deepEqual(await storage.list('thandi'), []);
    assert.equal((await storage.list('sipho')).length, 1);
    assert.deepEqual(
      settled.map((one) => one.call === null),
      [false, false, true, true],
    );
  });

  it('reports no operation that it could not remove', async () => {
    const { client, storage, settled } = await world();
    storage.remove = async () => false;
    await client.deleteMyData();
    await settle();
    assert.deepEqual(settled, []);
    assert.equal(await client.pending(), 2);
  });

  it('removes nothing when the deletion fails', async () => {
    const { client, settled } = await world(async () => {
      throw new FakeHttpsError('unavailable', 'away');
    });
    await assert.rejects(client.deleteMyData(), { code: 'unavailable' });
    assert.equal(await client.pending(), 2);
    assert.deepEqual(settled, []);
  });

  it('blocks no other tab while it runs', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const { client, connect, sent, names } = await world(() => promise);
    const deleting = client.deleteMyData();
    const flushing = connect().flush();
    await settle();
    assert.deepEqual(names, ['deleteMyData']);
    assert.equal(sent(), '1+ 2+');
    assert.equal(await flushing, 0);
    resolve(receipt);
    assert.deepEqual(await deleting, receipt);
  });

  it('waits for a running flush before it removes anything', async () => {
    const { client, names, storage } = await world();
    const { promise, resolve } = Promise.withResolvers<void>();
    const busy = storage.withLock('thandi', () => promise);
    const deleting = client.deleteMyData();
    await settle();
    assert.deepEqual(names, ['deleteMyData']);
    assert.equal(await client.pending(), 2);
    resolve();
    await busy;
    await deleting;
    assert.equal(await client.pending(), 0);
  });

  it('removes nothing of a user who has signed in meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const { client, state, storage } = await world(() => promise);
    await storage.add('sipho', kept(3));
    const deleting = client.deleteMyData();
    await settle();
    state.user = 'sipho';
    resolve(receipt);
    await deleting;
    assert.equal((await storage.list('thandi')).length, 0);
    assert.equal((await storage.list('sipho')).length, 1);
  });

  it('is sent when no user is known', async () => {
    const { client, names, state } = await world();
    state.user = null;
    await client.deleteMyData();
    assert.deepEqual(names, ['deleteMyData']);
  });
});

describe('an operation of a user who was erased elsewhere', () => {
  it('leaves the outbox after its refusal as erased', async () => {
    const storage = memoryStorage();
    for (const n of [1, 2]) await storage.add('thandi', kept(n));
    const settled: Settlement[] = [];
    const client = createClient(
      async () => {
        throw new SessionsError('failed-precondition', 'user has been erased', { reason: 'erased' });
      },
      { user: () => 'thandi', storage, onSettled: (one) => settled.push(one) },
    );
    assert.equal(await client.flush(), 0);
    assert.deepEqual(
      settled.map((one) => one.outcome === 'refused' && one.error.reason),
      ['erased', 'erased'],
    );
  });
});

describe('a call beyond the rate limit', () => {
  const tooOften = new SessionsError('resource-exhausted', 'too many calls', {
    reason: 'rate',
    retry_after_ms: 700,
  });

  it('stays in the outbox, stops the flush, and holds back newer calls of its session', async () => {
    const storage = memoryStorage();
    for (const n of [1, 2, 3]) await storage.add('thandi', kept(n));
    const { server, state } = setUp();
    const offered: string[] = [];
    let isLimited = true;
    const client = createClient(
      async (name, data) => {
        offered.push(String(Object(data).message_id).slice(-1));
        if (isLimited && offered.length === 2) throw tooOften;
        return server.transport(String(state.user))(name, data);
      },
      { user: () => 'thandi', storage },
    );
    const newer = client.addMessage({ session_id, role: 'user', content: 'newer', message_id: idOf(9) });
    await assert.rejects(newer, tooOften);
    assert.deepEqual(offered, ['1', '2']);
    assert.equal(await client.pending(), 2);
    isLimited = false;
    assert.equal(await client.flush(), 0);
    assert.deepEqual(server.durable, [1, 2, 3].map(idOf));
  });

  it('is distinguishable from a full outbox', async () => {
    const storage = memoryStorage();
    for (let n = 1; n <= 1000; n++) await storage.add('thandi', kept(n));
    const full = setUp({ storage });
    full.state.mode = 'unavailable';
    await assert.rejects(full.client.createSession(), { code: 'resource-exhausted', reason: null });
    const limited = createClient(async () => {
      throw tooOften;
    });
    await assert.rejects(limited.createSession(), { reason: 'rate', retry_after_ms: 700 });
  });
});
