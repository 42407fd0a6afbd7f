import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Actor, newMessages, SOMEBODY } from '../support/actor.ts';
import { assertFails } from '../support/assert-fails.ts';
import type { Contract } from './store-contract.ts';

export const openSessionsContract: Contract = (open) =>
  describe('the limit on open sessions', () => {
    it('holds for each user alone, and for what is open alone', async () => {
      const { store, limits, advance } = open({ openSessions: 2 });
      const [ann, bob] = [new Actor(store, 'ann'), new Actor(store, 'bob')];
      const [first] = [await ann.create(), await ann.create()];
      await assertFails(ann.create(), 'resource-exhausted', { reason: 'open_sessions' });
      await bob.create();
      await ann.end(first.session_id);
      await ann.create();
      await assertFails(ann.create(), 'resource-exhausted', { reason: 'open_sessions' });
      assert.equal((await ann.list({ status: 'active' })).sessions.length, limits.openSessions);
      advance(limits.idleTimeoutMs);
      assert.equal((await ann.list({ status: 'active' })).sessions.length, 0);
    });

    it('lets nobody round it by recovering sessions that never were', async () => {
      const { store } = open({ openSessions: 2 });
      const ann = new Actor(store, 'ann');
      const named = randomUUID();
      const recovering = { recover: true };
      const { session_id } = await ann.append(named, newMessages(1), recovering);
      await ann.create();
      const refusal = { reason: 'open_sessions' } as const;
      await assertFails(ann.append(randomUUID(), newMessages(1), recovering), 'resource-exhausted', refusal);
      await assertFails(ann.get(randomUUID(), recovering), 'resource-exhausted', refusal);
      assert.equal((await ann.append(named, newMessages(1), recovering)).session_id, session_id);
    });

    it('is not in the way of a repetition, nor of what was accepted already', async () => {
      const { store } = open({ openSessions: 1 });
      const ann = new Actor(store, 'ann');
      const first = await ann.create();
      assert.deepEqual(await ann.create(first.session_id), first);
      const accepted = { owner: 'ann', user: SOMEBODY, session_id: randomUUID(), replay: true };
      assert.equal((await store.create(accepted)).session_id, accepted.session_id);
      const message = newMessages(1);
      const { session_id } = await ann.append(randomUUID(), message, { recover: true, replay: true });
      assert.equal((await ann.get(session_id)).session.message_seq, 1);
    });
  });
