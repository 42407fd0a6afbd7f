import assert from 'node:assert/strict';
import { Actor, newMessage } from '../actor.ts';
import type { StoreContract } from '../store-harness.ts';

export const countersContract: StoreContract = (open) =>
  describe('the counters', () => {
    it('include each message once after any repetition', async () => {
      const { store, settle } = open();
      const ann = new Actor(store, 'ann');
      const { session_id } = await ann.create();
      const turn = [
        newMessage(),
        newMessage({ role: 'assistant', metadata: { confidence: 0.9 } }),
        newMessage({ role: 'assistant', metadata: { confidence: 0.1 } }),
        newMessage({ role: 'assistant' }),
      ];
      const second = newMessage({ metadata: { confidence: 0.2 } });
      await ann.append(session_id, turn);
      await ann.append(session_id, turn);
      await settle();
      await ann.append(session_id, [second]);
      await ann.append(session_id, turn);
      await ann.feedback(session_id, second.message_id, 'negative');
      await settle();
      await settle();
      const { session } = await ann.get(session_id);
      const { message_count, total_queries, avg_confidence, feedback_positive, feedback_negative } = session;
      assert.deepEqual(
        { message_count, total_queries, avg_confidence, feedback_positive, feedback_negative },
        {
          message_count: 5,
          total_queries: 2,
          avg_confidence: 0.4,
          feedback_positive: 0,
          feedback_negative: 1,
        },
      );
    });

    it('belong to the session of the message, and start from zero in a successor', async () => {
      const { store, limits, settle } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(limits.messagesPerSession);
      const { session_id: successor } = await ann.append(session_id, [newMessage()]);
      await settle();
      const { sessions } = await ann.list();
      const countOf = (id: string) => sessions.find((session) => session.session_id === id)?.message_count;
      assert.deepEqual([countOf(session_id), countOf(successor)], [limits.messagesPerSession, 1]);
    });

    it('change no other field of a session', async () => {
      const { store, settle } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(3);
      const uncounted = { message_count: 0, total_queries: 0 };
      const { session: before } = await ann.get(session_id);
      await settle();
      const { session: after } = await ann.get(session_id);
      assert.deepEqual({ ...after, ...uncounted }, { ...before, ...uncounted });
    });
  });
