import assert from 'node:assert/strict';
import { Actor, newMessages } from '../actor.ts';
import { assertExpired } from '../assert-fails.ts';
import type { StoreContract } from '../store-harness.ts';

export const expiryContract: StoreContract = (open) =>
  describe('expiry of a session', () => {
    it('happens exactly at expires_at', async () => {
      const { store, advance, now } = open();
      const ann = new Actor(store, 'ann');
      const { session_id, expires_at } = await ann.create();
      const [early] = (await ann.list()).sessions;
      advance(Date.parse(expires_at) - now() - 2000);
      assert.deepEqual((await ann.list()).sessions, [early]);
      advance(2000);
      await assertExpired(ann.get(session_id));
    });

    it('applies to every operation at once and permanently', async () => {
      const { store, limits, advance } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(1);
      const [before] = (await ann.list()).sessions;
      assert.ok(before);
      advance(limits.idleTimeoutMs);
      for (let time = 0; time < 2; time += 1) {
        await assertExpired(ann.get(session_id));
        await assertExpired(ann.append(session_id, newMessages(1)));
        await assertExpired(ann.escalate(session_id));
        assert.deepEqual(await ann.end(session_id), { session_id, status: 'expired' });
      }
      assert.deepEqual((await ann.list()).sessions, [
        { ...before, status: 'expired', ended_at: before.expires_at, end_reason: 'idle_timeout' },
      ]);
      assert.deepEqual((await ann.list({ status: 'active' })).sessions, []);
      assert.equal((await ann.history(session_id)).messages.length, 1);
    });

    it('is delayed by activity up to the lifetime', async () => {
      const { store, limits, advance, decidesAtOnce } = open();
      const ann = new Actor(store, 'ann');
      const { session_id } = await ann.create();
      const step = limits.idleTimeoutMs - limits.touchIntervalMs;
      let passed = 0;
      while (passed + step < limits.lifetimeMs) {
        advance(step);
        passed += step;
        const { messages } = await ann.append(session_id, newMessages(1));
        assert.equal(messages[0]?.seq, passed / step);
      }
      advance(limits.lifetimeMs - passed);
      if (decidesAtOnce) await assertExpired(ann.append(session_id, newMessages(1)));
      const [session] = (await ann.list()).sessions;
      assert.ok(session);
      assert.equal(session.end_reason, 'lifetime');
      assert.equal(session.ended_at, session.expires_at);
      assert.equal(Date.parse(session.expires_at), Date.parse(session.created_at) + limits.lifetimeMs);
    });

    it('applies to an escalated session too', async () => {
      const { store, limits, advance } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(1);
      await ann.escalate(session_id);
      advance(limits.idleTimeoutMs);
      await assertExpired(ann.get(session_id));
      assert.deepEqual((await ann.list({ status: 'escalated' })).sessions, []);
    });
  });
