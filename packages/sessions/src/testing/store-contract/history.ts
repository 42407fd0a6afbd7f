import assert from 'node:assert/strict';
import { Actor, newMessages } from '../actor.ts';
import type { StoreContract } from '../store-harness.ts';

export const historyContract: StoreContract = (open) =>
  describe('history()', () => {
    /** A session with seven messages. The session document has the newest four. */
    const conversation = async () => {
      const harness = open({ recentMessages: 4 });
      const ann = new Actor(harness.store, 'ann');
      const { session_id } = await ann.create();
      const sent = await ann.tell(session_id, 7);
      return { ...harness, ann, session_id, sent };
    };

    it('returns the newest messages, oldest first, and the cursor of the previous page', async () => {
      const { ann, session_id, sent } = await conversation();
      for (const limit of [1, 4, 5, 6]) {
        const page = await ann.history(session_id, { limit });
        assert.deepEqual(
          page.messages.map(({ created_at, ...message }) => message),
          sent
            .map(({ message_id, role, content }, index) => ({ message_id, seq: index + 1, role, content }))
            .slice(-limit),
        );
        assert.equal(page.next_before_seq, 8 - limit);
        assert.deepEqual([page.session_id, page.complete], [session_id, true]);
      }
    });

    it('sets next_before_seq to null on a page with the first message', async () => {
      const { ann, session_id } = await conversation();
      for (const limit of [7, 50]) {
        const page = await ann.history(session_id, { limit });
        assert.deepEqual([page.messages.length, page.next_before_seq], [7, null]);
      }
    });

    it('returns every message once, page by page', async () => {
      const { ann, session_id, sent } = await conversation();
      for (const full of [true, false]) {
        for (const limit of [1, 2, 3]) {
          const seen: string[] = [];
          let before_seq: number | null = null;
          do {
            const page = await ann.history(session_id, { limit, before_seq, full });
            assert.ok(page.messages.length > 0 && page.messages.length <= limit);
            seen.unshift(...page.messages.map(({ message_id }) => message_id));
            before_seq = page.next_before_seq;
          } while (before_seq !== null);
          assert.deepEqual(
            seen,
            sent.map(({ message_id }) => message_id),
          );
        }
      }
    });

    it('accepts any before_seq', async () => {
      const { ann, session_id } = await conversation();
      const seqsBefore = async (before_seq: number) =>
        (await ann.history(session_id, { limit: 2, before_seq })).messages.map(({ seq }) => seq);
      assert.deepEqual(await seqsBefore(1), []);
      assert.deepEqual(await seqsBefore(2), [1]);
      assert.deepEqual(await seqsBefore(6), [4, 5]);
      assert.deepEqual(await seqsBefore(8), [6, 7]);
      assert.deepEqual(await seqsBefore(1000), [6, 7]);
    });

    it('returns five fields of a message, and with full all owner-visible ones', async () => {
      const { ann, session_id, sent } = await conversation();
      const [message] = sent;
      assert.ok(message);
      await ann.feedback(session_id, message.message_id, 'positive', 'clear');
      const [full] = (await ann.history(session_id, { full: true })).messages;
      assert.ok(full);
      assert.deepEqual(full, {
        ...message,
        seq: 1,
        created_at: full.created_at,
        feedback: 'positive',
        feedback_comment: 'clear',
        replayed: false,
      });
      const [brief] = (await ann.history(session_id, { limit: 7 })).messages;
      const { role, content, message_id } = message;
      assert.deepEqual(brief, { message_id, seq: 1, role, content, created_at: full.created_at });
    });

    it('is empty for a session without messages', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const { session_id } = await ann.create();
      for (const full of [true, false]) {
        assert.deepEqual(await ann.history(session_id, { full }), {
          session_id,
          messages: [],
          next_before_seq: null,
          complete: true,
        });
      }
    });

    it('reads exactly the named session, open or over', async () => {
      const { ann, session_id, sent, limits, advance } = await conversation();
      const messages = newMessages(limits.messagesPerSession);
      const { session_id: successor } = await ann.append(session_id, messages);
      assert.notEqual(successor, session_id);
      advance(limits.lifetimeMs);
      const idsOf = (all: { message_id: string }[]) => all.map(({ message_id }) => message_id);
      for (const full of [true, false]) {
        assert.deepEqual(idsOf((await ann.history(session_id, { full })).messages), idsOf(sent));
        assert.deepEqual(idsOf((await ann.history(successor, { full })).messages), idsOf(messages));
      }
      const ended = await ann.converse(1);
      await ann.end(ended);
      assert.equal((await ann.history(ended)).messages.length, 1);
    });
  });
