import assert from 'node:assert/strict';
import {
  createClient,
  memoryStorage,
  type OutboxStorage,
  SessionsError,
  type Settlement,
} from '../../src/index.ts';
import { listingSlowly, settle, setUp } from './client-harness.ts';
import { idOf, session_id } from './ids.ts';
import { kept } from './storage-contract.ts';

describe('createFlush()', () => {
  it('reports refused operations and continues with the rest', async () => {
    const { client, say, sent, state, server, settled } = setUp();
    state.mode = 'volatile';
    for (const n of [1, 2, 3]) await say(n);
    server.die();
    sent();
    server.refuse(idOf(2));
    state.mode = 'durable';
    assert.equal(await client.flush(), 0);
    assert.equal(sent(), '1+ 2+ 3+');
    const refused = settled.find((one) => one.outcome === 'refused');
    assert(refused?.outcome === 'refused');
    assert.deepEqual([refused.error.code, refused.error.reason], ['failed-precondition', 'refused']);
    assert.equal(Object(refused.call?.input).content, 'message 2');
    assert.equal(settled.length, 3);
  });

  it('stops at an operation to retry later, and holds back newer calls of its session', async () => {
    const { client, say, sent, state } = setUp();
    state.mode = 'volatile';
    for (const n of [1, 2]) await say(n);
    sent();
    state.mode = 'unavailable';
    await assert.rejects(say(3), { code: 'unavailable' });
    assert.equal(sent(), '1+');
    assert.equal(await client.pending(), 2);
    const elsewhere = client.getSession({ session_id: idOf(9) });
    await assert.rejects(elsewhere, { code: 'unavailable' });
    assert.equal(await client.pending(), 2);
  });

  it('sends one operation of an available journal, and all operations of a lost one', async () => {
    const { say, sent, state, server } = setUp();
    state.mode = 'volatile';
    for (const n of [1, 2, 3]) await say(n);
    assert.equal(sent(), '1 1+ 2 1+ 3');
    server.die();
    await say(4);
    assert.equal(sent(), '1+ 2+ 3+ 4');
    await say(5);
    assert.equal(sent(), '1+ 5');
  });

  it('sends every operation of an unknown journal', async () => {
    const { say, sent, state } = setUp();
    state.mode = 'unsaid';
    for (const n of [1, 2, 3]) await say(n);
    assert.equal(sent(), '1 1+ 2 1+ 2+ 3');
  });

  it('ignores operations of a later version, but removes invalid ones', async () => {
    const storage = memoryStorage();
    await storage.add('thandi', Object({ ...kept(1), form: 2 }));
    await storage.add('thandi', Object({ ...kept(2), form: 'none' }));
    const { client, sent, settled, state } = setUp({ storage });
    state.mode = 'durable';
    assert.equal(await client.flush(), 0);
    assert.deepEqual([sent(), (await storage.list('thandi')).length], ['', 1]);
    assert.deepEqual(
      settled.map((one) => one.outcome === 'refused' && one.error.code),
      ['data-loss'],
    );
  });

  it('follows a continued session', async () => {
    const next = idOf(7);
    const { server, storage, state } = setUp({ storage: await storageWith(kept(1)) });
    state.mode = 'durable';
    const settled: Settlement[] = [];
    const client = createClient(
      async (name, data) => {
        if (Object(data).session_id === next) return server.transport('thandi')(name, data);
        const details = { reason: 'continued', session_id: next };
        throw new SessionsError('failed-precondition', 'session is continued by another', details);
      },
      { user: () => 'thandi', storage, onSettled: (one) => settled.push(one) },
    );
    assert.equal(await client.flush(), 0);
    assert.deepEqual(
      settled.map((one) => one.outcome === 'durable' && one.session_id),
      [next],
    );
  });

  it('runs one flush at a time, and new calls wait for it', async () => {
    const { client, say, sent, state } = setUp();
    state.mode = 'unsaid';
    for (const n of [1, 2]) await say(n);
    sent();
    await Promise.all([say(3), client.endSession({ session_id }), say(4), client.flush()]);
    assert.match(sent(), /^1\+ 2\+ (3 endSession|endSession 3)/);
    state.mode = 'durable';
    await Promise.all([say(5), say(6)]);
    assert.equal(sent(), '1+ 2+ 3+ 4+ 5 6');
  });

  it('continues a flush while a call waits for it', async () => {
    const { storage, waiting } = listingSlowly();
    await storage.add('thandi', kept(1, { held_by: 'unknown' }));
    const { client, sent, state } = setUp({ storage });
    state.mode = 'unsaid';
    const flushing = [client.flush(), client.flush()];
    await settle();
    waiting.shift()?.();
    await flushing[0];
    flushing.push(client.flush());
    for (const _ of [1, 2]) {
      await settle();
      waiting.shift()?.();
    }
    await Promise.all(flushing);
    assert.equal(sent(), '1+');
  });

  it('sends older acknowledged operations before a call, even during a flush', async () => {
    const { say, sent, state, client } = setUp();
    state.mode = 'unsaid';
    await say(1);
    const flushing = client.flush();
    const second = say(2);
    const third = second.then(() => say(3));
    await Promise.all([flushing, third]);
    assert.equal(sent(), '1 1+ 2 1+ 2+ 3');
  });

  it('continues after another client of the same storage, and settles each operation once', async () => {
    const { connect, say, state, settled, sent } = setUp();
    state.mode = 'volatile';
    for (const n of [1, 2]) await say(n);
    sent();
    state.mode = 'durable';
    const tabs = [connect(), connect()];
    assert.deepEqual(await Promise.all(tabs.map((tab) => tab.flush())), [0, 0]);
    assert.equal(settled.length, 2);
    assert.equal(sent(), '1+ 2+');
  });

  it('settles an operation once that two clients send in parallel', async () => {
    const memory = memoryStorage();
    const storage: OutboxStorage = { ...memory, withLock: (_user, run) => run() };
    const { connect, say, state, settled, sent } = setUp({ storage });
    state.mode = 'volatile';
    await say(1);
    sent();
    state.mode = 'durable';
    await Promise.all([connect().flush(), connect().flush()]);
    assert.equal(sent(), '1+ 1+');
    assert.equal(settled.length, 1);
  });

  it('removes unreadable operations, reports them, and continues with the rest', async () => {
    const bad = [null, 'text', { form: 0 }, kept(4, { id: 'other' })];
    const items = [kept(1), ...bad, kept(2)];
    const gone = new Set<string>();
    const storage: OutboxStorage = {
      ...memoryStorage(),
      list: async () =>
        items.map((value, index) => ({ key: String(index), value })).filter(({ key }) => !gone.has(key)),
      remove: async (_user, key) => !gone.has(key) && gone.add(key) !== undefined,
    };
    const { client, settled, sent } = setUp({ storage });
    assert.equal(await client.flush(), 0);
    assert.equal(sent(), '1+ 2+');
    assert.deepEqual(
      settled.map((one) => (one.outcome === 'refused' ? [one.call, one.error.code] : one.outcome)),
      ['durable', ...bad.map(() => [null, 'data-loss']), 'durable'],
    );
  });
});

const storageWith = async (...operations: ReturnType<typeof kept>[]): Promise<OutboxStorage> => {
  const storage = memoryStorage();
  for (const operation of operations) await storage.add('thandi', operation);
  return storage;
};
