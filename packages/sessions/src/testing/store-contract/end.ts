import assert from 'node:assert/strict';
import { Actor, newMessages } from '../actor.ts';
import { assertContinued, assertEnded } from '../assert-fails.ts';
import type { StoreContract } from '../store-harness.ts';

export const endContract: StoreContract = (open) =>
  describe('end()', () => {
    it('ends an open session permanently', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(1);
      const { session: before } = await ann.get(session_id);
      assert.deepEqual(await ann.end(session_id), { session_id, status: 'ended' });
      for (const recover of [true, false]) {
        await assertEnded(ann.get(session_id, { recover }));
        await assertEnded(ann.append(session_id, newMessages(1), { recover }));
      }
      await assertEnded(ann.escalate(session_id));
      const [session] = (await ann.list()).sessions;
      assert.ok(session?.ended_at);
      assert.deepEqual(session, {
        ...before,
        status: 'ended',
        end_reason: 'user',
        ended_at: session.ended_at,
      });
      assert.ok(session.ended_at >= session.last_activity);
    });

    it('repeats its first answer to a repeated call and changes nothing', async () => {
      const { store, advance, limits } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(1);
      await ann.end(session_id);
      const { sessions } = await ann.list();
      advance(limits.lifetimeMs);
      assert.deepEqual(await ann.end(session_id), { session_id, status: 'ended' });
      assert.deepEqual((await ann.list()).sessions, sessions);
    });

    it('ends an escalated session', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(0);
      await ann.escalate(session_id, 'angry');
      await ann.end(session_id);
      const [session] = (await ann.list({ status: 'ended' })).sessions;
      assert.deepEqual([session?.escalations, session?.escalation_reason], [1, 'angry']);
    });

    it('returns the status of a session that is over', async () => {
      const { store, limits, advance } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(1);
      advance(limits.idleTimeoutMs);
      assert.deepEqual(await ann.end(session_id), { session_id, status: 'expired' });
      await ann.get(session_id, { recover: true });
      assert.deepEqual(await ann.end(session_id), { session_id, status: 'expired' });
    });

    it('ends the successor of a rolled-over session and names the next session of a longer chain', async () => {
      const { store, limits } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(limits.messagesPerSession);
      const { session_id: second } = await ann.append(session_id, newMessages(1));
      await ann.tell(second, limits.messagesPerSession - 1);
      const { session_id: third } = await ann.append(second, newMessages(1));
      await assertContinued(ann.end(session_id), third);
      assert.equal((await ann.get(third)).session.status, 'active');
      assert.deepEqual(await ann.end(second), { session_id: third, status: 'ended' });
      await assertEnded(ann.append(third, newMessages(1)));
    });
  });
