import assert from 'node:assert/strict';
import { Actor, newMessage, newMessages } from '../actor.ts';
import { assertFails } from '../assert-fails.ts';
import type { StoreContract } from '../store-harness.ts';

export const appendContract: StoreContract = (open) =>
  describe('append()', () => {
    it('numbers messages from 1, in order, over calls with one and with several', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const { session_id } = await ann.create();
      const one = newMessages(1);
      const three = newMessages(3);
      assert.deepEqual(await ann.append(session_id, one), {
        session_id,
        messages: one.map(({ message_id }) => ({ message_id, seq: 1 })),
        durability: store.durability,
        held_by: null,
        recovered: false,
        rolled_over: false,
        context: null,
        context_complete: null,
      });
      const { messages } = await ann.append(session_id, three);
      assert.deepEqual(
        messages,
        three.map(({ message_id }, index) => ({ message_id, seq: index + 2 })),
      );
      assert.equal((await ann.get(session_id)).session.message_seq, 4);
    });

    it('updates last_activity and expires_at', async () => {
      const { store, limits, advance } = open();
      const ann = new Actor(store, 'ann');
      const { session_id, expires_at } = await ann.create();
      advance(1000);
      await ann.tell(session_id, 1);
      const { session } = await ann.get(session_id);
      assert.ok(Date.parse(session.expires_at) >= Date.parse(expires_at) + 1000);
      assert.equal(Date.parse(session.expires_at), Date.parse(session.last_activity) + limits.idleTimeoutMs);
      const { messages } = await ann.history(session_id);
      assert.equal(messages[0]?.created_at, session.last_activity);
    });

    it('returns content and metadata unchanged', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const { session_id } = await ann.create();
      const message = newMessage({
        role: 'assistant',
        content: ' Ein Erf „über“ dem Fluß 🏡\n',
        metadata: {
          confidence: 0.8125,
          collections_used: ['erf', 'zoning'],
          intent: 'define',
          own: { deep: [{ er: null }], n: -1.5, yes: true, created_at: '2026-03-01T12:00:00.000Z' },
        },
      });
      await ann.append(session_id, [message]);
      const { messages } = await ann.history(session_id, { full: true });
      const { created_at, ...stored } = messages[0] ?? assert.fail('found no message');
      assert.deepEqual(stored, {
        ...message,
        seq: 1,
        feedback: null,
        feedback_comment: null,
        replayed: false,
      });
    });

    it('returns the newest messages up to context_limit, including the new ones', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const { session_id } = await ann.create();
      const sent = await ann.tell(session_id, 2);
      const last = newMessages(1);
      const appended = await ann.append(session_id, last, { context_limit: 2 });
      assert.deepEqual(
        appended.context?.map(({ message_id, seq, role, content }) => ({ message_id, seq, role, content })),
        [...sent, ...last]
          .map(({ message_id, role, content }, index) => ({ message_id, seq: index + 1, role, content }))
          .slice(-2),
      );
      assert.equal(appended.context_complete, true);
    });

    it('reports whether the context reaches back to the first message', async () => {
      const { store, limits } = open();
      const ann = new Actor(store, 'ann');
      const { session_id } = await ann.create();
      const contextOf = async () => {
        const appended = await ann.append(session_id, newMessages(1), { context_limit: 9 });
        return { seqs: appended.context?.map(({ seq }) => seq), complete: appended.context_complete };
      };
      for (let seq = 1; seq < limits.recentMessages; seq += 1) await contextOf();
      assert.deepEqual(await contextOf(), { seqs: [1, 2, 3, 4], complete: true });
      assert.deepEqual(await contextOf(), { seqs: [2, 3, 4, 5], complete: false });
    });

    it('limits the context to 64 KB of content', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const { session_id } = await ann.create();
      const content = 'ß'.repeat(15 * 1024);
      const messages = [newMessage({ content }), newMessage({ content }), newMessage({ content })];
      const appended = await ann.append(session_id, messages, { context_limit: 3 });
      assert.deepEqual(
        appended.context?.map(({ seq }) => seq),
        [2, 3],
      );
      assert.equal(appended.context_complete, false);
      assert.equal((await ann.history(session_id)).messages.length, 3);
    });

    it('escalates the session once for a message that requests it', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(1);
      const escalating = () => newMessage({ role: 'assistant', metadata: { escalated: true } });
      await ann.append(session_id, [escalating(), escalating()]);
      await ann.append(session_id, [escalating()]);
      const { session } = await ann.get(session_id);
      assert.equal(session.status, 'escalated');
      assert.equal(session.escalations, 1);
      assert.equal(session.message_seq, 4);
    });

    it('stores either all messages of a call or none', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(1);
      const elsewhere = await ann.converse(0);
      const [taken] = await ann.tell(elsewhere, 1);
      const fresh = newMessage();
      const same = { ...newMessage(), message_id: taken?.message_id ?? '' };
      await assertFails(ann.append(session_id, [fresh, same]), 'already-exists', { field: 'message_id' });
      assert.equal((await ann.history(session_id)).messages.length, 1);
      const { messages } = await ann.append(session_id, [fresh]);
      assert.deepEqual(messages, [{ message_id: fresh.message_id, seq: 2 }]);
    });
  });
