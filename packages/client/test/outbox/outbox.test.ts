import assert from 'node:assert/strict';
import { createClient, memoryStorage, type OutboxStorage, SessionsError } from '../../src/index.ts';
import { listingSlowly, settle, setUp } from './client-harness.ts';
import { idOf, session_id } from './ids.ts';
import { kept } from './storage-contract.ts';

const rating = { session_id, message_id: idOf(9), rating: 'positive' } as const;

describe('createOutbox()', () => {
  it('sends volatile operations again before newer ones, with the same ids and content', async () => {
    const { client, say, sent, state, server, settled } = setUp();
    state.mode = 'unsaid';
    const first = await say(1);
    assert.deepEqual([first.durability, first.seq, await client.pending()], ['volatile', null, 1]);
    await say(2);
    server.die();
    assert.equal(sent(), '1 1+ 2');
    state.mode = 'durable';
    const third = await say(3);
    assert.deepEqual(server.requests[0]?.data, {
      session_id,
      role: 'user',
      content: 'message 1',
      message_id: idOf(1),
      recover: true,
      replay: true,
    });
    assert.equal(sent(), '1+ 2+ 3');
    assert.equal(third.seq, 3);
    assert.deepEqual(server.durable, [1, 2, 3].map(idOf));
    assert.equal(await client.pending(), 0);
    assert.deepEqual(
      settled.map((one) => one.outcome === 'durable' && [one.session_id, one.messages]),
      [1, 2].map((n) => [session_id, [{ message_id: idOf(n), seq: n }]]),
    );
  });

  it('stores sessions and batches with the generated ids and the requested recovery', async () => {
    const { client, state, server, settled } = setUp();
    state.mode = 'volatile';
    const created = await client.createSession({ user_info: { company: 'Acme' } });
    const message = { role: 'user' as const, content: 'erf?', metadata: { topics: ['erf'] } };
    const added = await client.addMessages({
      session_id: created.session_id,
      messages: [message, message],
      recover: false,
    });
    const offered = server.requests.map(({ data }) => data);
    server.die();
    state.mode = 'durable';
    assert.equal(await client.flush(), 0);
    assert.deepEqual(
      server.requests.slice(-2).map(({ data }) => data),
      [offered[0], offered.at(-1)].map((data) => ({ ...data, replay: true })),
    );
    assert.deepEqual(
      settled.map((one) => one.outcome === 'durable' && [one.call.name, one.messages]),
      [
        ['createSession', []],
        ['addMessages', added.messages.map(({ message_id }, index) => ({ message_id, seq: index + 2 }))],
      ],
    );
  });

  for (const [name, call] of Object.entries({
    createSession: (client) => client.createSession({ session_id: idOf(9) }),
    addMessage: (client) =>
      client.addMessage({ session_id, role: 'user', content: 'b', message_id: idOf(9) }),
    addMessages: (client) =>
      client.addMessages({ session_id, messages: [{ role: 'user', content: 'b', message_id: idOf(9) }] }),
    getSession: (client) => client.getSession({ session_id }),
    getHistory: (client) => client.getHistory({ session_id }),
    endSession: (client) => client.endSession({ session_id }),
    escalateSession: (client) => client.escalateSession({ session_id }),
    submitFeedback: (client) => client.submitFeedback(rating),
  } satisfies Record<string, (client: ReturnType<typeof setUp>['client']) => Promise<unknown>>))
    it(`sends pending operations before ${name}`, async () => {
      const { client, say, sent, state } = setUp();
      state.mode = 'volatile';
      await say(1);
      state.mode = 'durable';
      await call(client);
      assert.match(sent(), new RegExp(`^1 1\\+ (9|${name})$`));
    });

  it('acknowledges only stored operations', async () => {
    const memory = memoryStorage();
    const { promise, resolve } = Promise.withResolvers<void>();
    const storage: OutboxStorage = {
      ...memory,
      add: async (user, operation) => {
        await promise;
        await memory.add(user, operation);
      },
    };
    const { say, state } = setUp({ storage });
    state.mode = 'volatile';
    let acknowledged = false;
    const saying = say(1).then(() => {
      acknowledged = true;
    });
    await settle();
    assert.equal(acknowledged, false);
    resolve();
    await saying;
    assert.equal((await memory.list('thandi')).length, 1);
  });

  it('stores the sent content despite later changes of the input', async () => {
    const { client, state, list } = setUp();
    state.mode = 'volatile';
    const metadata = { topics: ['erf'] };
    const adding = client.addMessage({ session_id, role: 'user', content: 'erf?', metadata });
    metadata.topics.push('later');
    await adding;
    assert.deepEqual(Object((await list())[0]).input.metadata, { topics: ['erf'] });
  });

  it('treats a repeated call as one', async () => {
    const { client, say, state, settled } = setUp();
    state.mode = 'volatile';
    for (const n of [1, 2, 1]) await say(n);
    assert.equal(await client.pending(), 2);
    state.mode = 'durable';
    await client.flush();
    assert.equal(settled.length, 2);
  });

  it('sends no pending operations before calls for lists and calls of admins', async () => {
    const { sent, storage } = setUp();
    await storage.add('thandi', kept(1));
    const names: string[] = [];
    const client = createClient(
      async (name) => {
        names.push(name);
        throw new SessionsError('unavailable', 'away');
      },
      { user: () => 'thandi', storage },
    );
    const calls = [
      client.listSessions(),
      client.getActiveSessions(),
      client.clearExpiredSessions(),
      client.getMetrics(),
    ];
    await Promise.allSettled(calls);
    assert.deepEqual(names, ['listSessions', 'getActiveSessions', 'clearExpiredSessions', 'getMetrics']);
    assert.equal(sent(), '');
  });

  it('refuses new calls while the outbox is full, and sends nothing', async () => {
    const { client, say, sent, state, storage } = setUp();
    for (let n = 1; n <= 1000; n++) await storage.add('thandi', kept(n));
    state.mode = 'unavailable';
    await assert.rejects(client.createSession(), { name: 'SessionsError', code: 'resource-exhausted' });
    assert.equal(sent(), '1+');
    state.mode = 'durable';
    assert.equal((await say(2000)).durability, 'durable');
  });

  it('reports each change of the pending count, even by another client', async () => {
    const counts: number[] = [];
    const { connect, say, state } = setUp({ onPending: (count) => counts.push(count) });
    const other = connect();
    state.mode = 'volatile';
    await say(1);
    await settle();
    await say(2, other);
    await settle();
    state.mode = 'durable';
    await other.flush();
    await settle();
    // Each of the two clients tells, and two are taken out.
    assert.deepEqual(counts, [1, 1, 2, 2, 1, 1, 0, 0]);
  });

  it('reports no outdated count', async () => {
    const counts: number[] = [];
    const { storage, waiting } = listingSlowly();
    setUp({ storage, onPending: (count) => counts.push(count) });
    for (const n of [1, 2]) {
      await settle();
      await storage.add('thandi', kept(n));
    }
    await settle();
    for (const resolve of waiting.reverse()) {
      resolve();
      await settle();
    }
    assert.deepEqual(counts, [2]);
  });

  it('adds pending messages to the history, and returns only those while the server is unavailable', async () => {
    const { client, say, state, storage } = setUp();
    state.mode = 'volatile';
    await say(1);
    const pending = {
      message_id: idOf(1),
      seq: null,
      role: 'user',
      content: 'message 1',
      created_at: '2026-01-01T00:00:00.000Z',
    };
    assert.deepEqual((await client.getHistory({ session_id })).messages, [pending]);
    state.mode = 'unavailable';
    assert.deepEqual(await client.getHistory({ session_id, full: true }), {
      session_id,
      messages: [{ ...pending, metadata: {}, feedback: null, feedback_comment: null, replayed: false }],
      next_before_seq: null,
      complete: false,
    });
    await assert.rejects(client.getHistory({ session_id, before_seq: 5 }), { code: 'unavailable' });
    await assert.rejects(client.getHistory({ session_id: idOf(5) }), { code: 'unavailable' });
    const failing = createClient(
      async () => {
        throw new SessionsError('internal', 'INTERNAL');
      },
      { user: () => 'thandi', storage },
    );
    await assert.rejects(failing.getHistory({ session_id }), { code: 'internal' });
    state.mode = 'durable';
    const { messages } = await client.getHistory({ session_id });
    assert.deepEqual(
      messages.map(({ message_id, seq }) => [message_id, seq]),
      [[idOf(1), 1]],
    );
  });
});
