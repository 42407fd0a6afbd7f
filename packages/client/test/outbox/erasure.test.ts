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
  it('takes out what this device keeps of the user, and tells so', async () => {
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

  it("takes out what it cannot read, or a later version has kept, and leaves others' alone", async () => {
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

  it('tells nothing of what it could not take out', async () => {
    const { client, storage, settled } = await world();
    storage.remove = async () => false;
    await client.deleteMyData();
    await settle();
    assert.deepEqual(settled, []);
    assert.equal(await client.pending(), 2);
  });

  it('keeps everything where the deletion fails', async () => {
    const { client, settled } = await world(async () => {
      throw new FakeHttpsError('unavailable', 'away');
    });
    await assert.rejects(client.deleteMyData(), { code: 'unavailable' });
    assert.equal(await client.pending(), 2);
    assert.deepEqual(settled, []);
  });

  it('holds up no other tab while it is under way', async () => {
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

  it('waits for a round that is under way before it takes anything out', async () => {
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

  it('takes out nothing of who has signed in meanwhile', async () => {
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

  it('is sent where nobody is known to be signed in', async () => {
    const { client, names, state } = await world();
    state.user = null;
    await client.deleteMyData();
    assert.deepEqual(names, ['deleteMyData']);
  });
});

describe('what is kept of a user that was erased elsewhere', () => {
  it('leaves the queue when it is offered, refused as erased', async () => {
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

describe('a call that comes too often', () => {
  const tooOften = new SessionsError('resource-exhausted', 'too many calls', {
    reason: 'rate',
    retry_after_ms: 700,
  });

  it('stays in the queue where it was offered again, stops the round, and lets nothing newer of its session go first', async () => {
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

  it('is told apart from a queue that is full', async () => {
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
