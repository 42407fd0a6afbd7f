import assert from 'node:assert/strict';
import { createClient } from '../../src/index.ts';
import { settle, setUp } from './client-harness.ts';
import { idOf } from './ids.ts';

describe('createOutbox(), as users sign in and out', () => {
  it('stores nothing without a user', async () => {
    const { client, say, sent, state, list } = setUp();
    state.user = null;
    state.mode = 'volatile';
    await say(1);
    await say(2);
    assert.equal(sent(), '1 2');
    assert.deepEqual([await client.pending(), await client.flush(), await list()], [0, 0, []]);
  });

  it('sends no operation as another user', async () => {
    const { client, say, sent, state, server } = setUp();
    state.mode = 'volatile';
    await say(1);
    server.die();
    state.user = 'pieter';
    state.mode = 'durable';
    sent();
    assert.equal(await client.pending(), 0);
    await say(2);
    assert.equal(sent(), '2');
    state.user = 'thandi';
    assert.equal(await client.flush(), 0);
    assert.equal(server.owners.get(idOf(1)), 'thandi');
  });

  it('stops a flush, and rejects the call that waited for it, when the user changes', async () => {
    const { client, say, sent, state, server, storage } = setUp();
    state.mode = 'unsaid';
    for (const n of [1, 2]) await say(n);
    server.die();
    sent();
    state.mode = 'durable';
    const { transport } = server;
    const changing = createClient(
      async (name, data) => {
        const answer = await transport(String(state.user))(name, data);
        state.user = 'pieter';
        return answer;
      },
      { user: () => state.user, storage },
    );
    await assert.rejects(say(3, changing), { code: 'cancelled' });
    assert.equal(sent(), '1+');
    assert.equal(await client.pending(), 0);
    state.user = 'thandi';
    assert.equal(await client.pending(), 1);
  });

  it('answers a call that was sent before the user changed, and stores it for that user', async () => {
    const { sent, state, server, storage, say } = setUp();
    state.mode = 'volatile';
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow = createClient(
      async (name, data) => {
        const answer = await server.transport(String(state.user))(name, data);
        await promise;
        return answer;
      },
      { user: () => state.user, storage },
    );
    const saying = say(1, slow);
    await settle();
    state.user = 'pieter';
    resolve();
    assert.equal((await saying).durability, 'volatile');
    assert.equal(sent(), '1');
    assert.deepEqual([(await storage.list('thandi')).length, (await storage.list('pieter')).length], [1, 0]);
  });
});
