import assert from 'node:assert/strict';
import { Actor, newMessages } from '../actor.ts';
import type { StoreContract } from '../store-harness.ts';

export const escalateContract: StoreContract = (open) =>
  describe('escalate()', () => {
    it('changes an active session to escalated and keeps it open', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(1);
      const { session: before } = await ann.get(session_id);
      assert.deepEqual(await ann.escalate(session_id, 'wants a human'), { session_id, status: 'escalated' });
      const { session } = await ann.get(session_id);
      assert.deepEqual(session, {
        ...before,
        status: 'escalated',
        escalations: 1,
        escalation_reason: 'wants a human',
        last_activity: session.last_activity,
        expires_at: session.expires_at,
      });
      const { messages } = await ann.append(session_id, newMessages(1));
      assert.equal(messages[0]?.seq, 2);
    });

    it('repeats its first answer to a repeated call, counts once and keeps the first reason', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(0);
      const first = await ann.escalate(session_id, 'first');
      assert.deepEqual(await ann.escalate(session_id, 'second'), first);
      const { session } = await ann.get(session_id);
      assert.deepEqual([session.escalations, session.escalation_reason], [1, 'first']);
    });

    it('restarts the idle timeout of the session', async () => {
      const { store, limits, advance } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(1);
      advance(limits.idleTimeoutMs - 1000);
      await ann.escalate(session_id);
      advance(limits.idleTimeoutMs - 1000);
      assert.equal((await ann.get(session_id)).session.status, 'escalated');
    });
  });
