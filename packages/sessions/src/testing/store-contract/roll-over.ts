import assert from 'node:assert/strict';
import { successorId } from '../../successor-id.ts';
import { Actor, newMessage, newMessages, SOMEBODY } from '../actor.ts';
import { assertContinued, assertEnded, assertExpired } from '../assert-fails.ts';
import type { StoreContract } from '../store-harness.ts';

export const rollOverContract: StoreContract = (open) =>
  describe('on a roll-over,', () => {
    /** A full session, and the id that its successor will have. */
    const full = async (limits?: Parameters<typeof open>[0]) => {
      const harness = open(limits);
      const ann = new Actor(harness.store, 'ann');
      const session_id = await ann.converse(harness.limits.messagesPerSession);
      return { ...harness, ann, session_id, successor: successorId('ann', session_id) };
    };

    /** A full session whose successor has one message. */
    const rolledOver = async () => {
      const given = await full();
      await given.ann.tell(given.session_id, 1);
      return given;
    };

    it('moves a message that no longer fits to the successor', async () => {
      const { ann, session_id, successor, limits } = await full();
      const before = await ann.get(session_id);
      assert.equal(before.session.status, 'active');
      const [message] = newMessages(1);
      assert.ok(message);
      const appended = await ann.append(session_id, [message]);
      assert.equal(appended.session_id, successor);
      assert.deepEqual(appended.messages, [{ message_id: message.message_id, seq: 1 }]);
      assert.deepEqual([appended.rolled_over, appended.recovered], [true, false]);

      const { sessions } = await ann.list();
      const old = sessions.find((session) => session.session_id === session_id);
      const next = sessions.find((session) => session.session_id === successor);
      assert.ok(old && next);
      assert.deepEqual(
        { ...old, ended_at: null },
        {
          ...old,
          status: 'ended',
          end_reason: 'message_limit',
          ended_at: null,
          continued_by: successor,
          message_seq: limits.messagesPerSession,
        },
      );
      assert.equal(old.ended_at, next.created_at);
      assert.deepEqual(next, {
        ...next,
        ...SOMEBODY,
        status: 'active',
        continues: session_id,
        message_seq: 1,
      });
    });

    it('moves all messages of a call that do not fit to the successor together', async () => {
      const { store, limits } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(limits.messagesPerSession - 1);
      const messages = newMessages(2);
      const appended = await ann.append(session_id, messages);
      assert.equal(appended.session_id, successorId('ann', session_id));
      assert.deepEqual(
        appended.messages,
        messages.map(({ message_id }, index) => ({ message_id, seq: index + 1 })),
      );
      assert.equal((await ann.history(session_id)).messages.length, limits.messagesPerSession - 1);
    });

    it('fills a session completely before it rolls over', async () => {
      const { store, limits } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(limits.messagesPerSession - 2);
      const appended = await ann.append(session_id, newMessages(2));
      assert.equal(appended.session_id, session_id);
      assert.equal(appended.rolled_over, false);
    });

    it('gives the successor the newest messages as context, with negated seq, and never as history', async () => {
      const { ann, session_id, successor } = await full();
      const appended = await ann.append(session_id, newMessages(1), { context_limit: 9 });
      assert.deepEqual(
        appended.context?.map(({ seq }) => seq),
        [-8, -9, -10, 1],
      );
      assert.equal(appended.context_complete, false);
      const { messages, next_before_seq } = await ann.history(successor);
      assert.deepEqual([messages.map(({ seq }) => seq), next_before_seq], [[1], null]);
    });

    it('reads the successor and appends to it under the old id, with and without recovery', async () => {
      const { ann, session_id, successor } = await rolledOver();
      for (const recover of [true, false]) {
        const got = await ann.get(session_id, { recover });
        assert.equal(got.session.session_id, successor);
        assert.deepEqual([got.rolled_over, got.recovered], [true, false]);
        const appended = await ann.append(session_id, newMessages(1), { recover });
        assert.equal(appended.session_id, successor);
        assert.deepEqual([appended.rolled_over, appended.recovered], [true, false]);
      }
      assert.equal((await ann.get(successor)).session.message_seq, 3);
    });

    it('ends and escalates the successor under the old id', async () => {
      const { ann, session_id, successor } = await rolledOver();
      assert.deepEqual(await ann.escalate(session_id), { session_id: successor, status: 'escalated' });
      assert.deepEqual(await ann.end(session_id), { session_id: successor, status: 'ended' });
      assert.equal((await ann.get(session_id).catch(() => null)) ?? null, null);
      await assertEnded(ann.get(session_id, { recover: true }));
      await assertEnded(ann.append(session_id, newMessages(1), { recover: true }));
    });

    it('keeps the successor of an escalated session escalated', async () => {
      const { ann, session_id, successor } = await full();
      await ann.escalate(session_id, 'angry');
      await ann.append(session_id, [newMessage({ metadata: { escalated: true } })]);
      const { session } = await ann.get(successor);
      assert.deepEqual(
        [session.status, session.escalation_reason, session.escalations],
        ['escalated', 'angry', 0],
      );
    });

    it('follows one link and names the next session of a longer chain', async () => {
      const { ann, session_id, successor, limits } = await rolledOver();
      await ann.tell(successor, limits.messagesPerSession);
      const next = successorId('ann', successor);
      for (const recover of [true, false]) {
        await assertContinued(ann.get(session_id, { recover }), next);
        await assertContinued(ann.append(session_id, newMessages(1), { recover }), next);
        assert.equal((await ann.get(successor, { recover })).session.session_id, next);
      }
      await assertContinued(ann.escalate(session_id), next);
    });

    it('continues in a further successor after the successor expired, on a request to recover', async () => {
      const { ann, session_id, successor, limits, advance } = await rolledOver();
      advance(limits.idleTimeoutMs);
      await assertExpired(ann.get(session_id));
      await assertExpired(ann.append(session_id, newMessages(1)));
      const got = await ann.get(session_id, { recover: true });
      assert.equal(got.session.session_id, successorId('ann', successor));
      assert.deepEqual([got.rolled_over, got.recovered], [true, true]);
      assert.equal(got.session.continues, successor);
      await assertContinued(ann.get(session_id, { recover: true }), got.session.session_id);
    });
  });
