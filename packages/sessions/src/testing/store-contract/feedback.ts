import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Actor, newMessage, newMessages } from '../actor.ts';
import { assertNotFound, failureOf } from '../assert-fails.ts';
import type { StoreContract, StoreHarness } from '../store-harness.ts';

export const feedbackContract: StoreContract = (open) =>
  describe('feedback()', () => {
    const answered = async (harness: StoreHarness = open()) => {
      const ann = new Actor(harness.store, 'ann');
      const { session_id } = await ann.create();
      const { message_id } = newMessage();
      await ann.append(session_id, [
        newMessage({ message_id, role: 'assistant', content: 'A plot of land.' }),
      ]);
      const rated = async () => {
        await harness.settle();
        const [session] = (await ann.list()).sessions;
        const [message] = (await ann.history(session_id, { full: true })).messages;
        return {
          message: [message?.feedback, message?.feedback_comment],
          session: [session?.feedback_positive, session?.feedback_negative],
        };
      };
      return { ...harness, ann, session_id, message_id, rated };
    };

    it('rates a message and counts the rating', async () => {
      const { ann, session_id, message_id, rated } = await answered();
      assert.deepEqual(await rated(), { message: [null, null], session: [0, 0] });
      const given = await ann.feedback(session_id, message_id, 'positive', 'clear');
      assert.deepEqual(given, { session_id, message_id, rating: 'positive' });
      assert.deepEqual(await rated(), { message: ['positive', 'clear'], session: [1, 0] });
    });

    it('keeps and counts only the last rating', async () => {
      const { ann, session_id, message_id, rated } = await answered();
      await ann.feedback(session_id, message_id, 'positive', 'clear');
      await ann.feedback(session_id, message_id, 'negative', 'on second thought');
      assert.deepEqual(await rated(), { message: ['negative', 'on second thought'], session: [0, 1] });
      await ann.feedback(session_id, message_id, 'negative');
      assert.deepEqual(await rated(), { message: ['negative', null], session: [0, 1] });
    });

    it('repeats its first answer to a repeated call and counts once', async () => {
      const { ann, session_id, message_id, rated } = await answered();
      const first = await ann.feedback(session_id, message_id, 'positive');
      assert.deepEqual(await ann.feedback(session_id, message_id, 'positive'), first);
      assert.deepEqual(await rated(), { message: ['positive', null], session: [1, 0] });
      assert.deepEqual(await ann.feedback(session_id, message_id, 'positive'), first);
      assert.deepEqual(await rated(), { message: ['positive', null], session: [1, 0] });
    });

    it('rates messages of a session that is over without a change of its status', async () => {
      const { ann, session_id, message_id, limits, advance, rated } = await answered();
      advance(limits.lifetimeMs);
      await ann.feedback(session_id, message_id, 'positive');
      assert.deepEqual(await rated(), { message: ['positive', null], session: [1, 0] });
      await ann.end(session_id);
      await ann.feedback(session_id, message_id, 'negative');
      assert.deepEqual(await rated(), { message: ['negative', null], session: [0, 1] });
      assert.equal((await ann.list()).sessions[0]?.status, 'expired');
    });

    it('fails equally for a message that is missing, foreign or in another session', async () => {
      const { ann, store, session_id, message_id, rated } = await answered();
      const bob = new Actor(store, 'bob');
      const foreign = await bob.create();
      await bob.append(foreign.session_id, newMessages(1));
      const other = await ann.create();
      const missing = await failureOf(ann.feedback(session_id, randomUUID(), 'positive'));
      for (const failure of [
        await failureOf(bob.feedback(session_id, message_id, 'positive')),
        await failureOf(bob.feedback(foreign.session_id, message_id, 'positive')),
        await failureOf(ann.feedback(other.session_id, message_id, 'positive')),
      ]) {
        assert.deepEqual(failure, missing);
      }
      await assertNotFound(ann.feedback(randomUUID(), message_id, 'negative'));
      assert.deepEqual((await rated()).message, [null, null]);
    });
  });
