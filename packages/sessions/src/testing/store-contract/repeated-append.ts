import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { AppendResult, NewMessage } from '../../session-store.ts';
import { Actor, newMessage, newMessages } from '../actor.ts';
import { assertFails } from '../assert-fails.ts';
import type { StoreContract } from '../store-harness.ts';

const assertTaken = (work: Promise<unknown>) => assertFails(work, 'already-exists', { field: 'message_id' });

export const repeatedAppendContract: StoreContract = (open) =>
  describe('append() of a stored message_id', () => {
    /** A session with its first message, and a function that repeats that append and compares the answers. */
    const begun = async (count = 1) => {
      const harness = open();
      const ann = new Actor(harness.store, 'ann');
      const { session_id } = await ann.create();
      const messages = newMessages(count);
      const first = await ann.append(session_id, messages, { context_limit: 2 });
      const repeat = (given = messages) => ann.append(session_id, given, { context_limit: 2 });
      return { ...harness, ann, session_id, messages, first, repeat };
    };

    const assertStoredOnce = async (ann: Actor, session_id: string, messages: NewMessage[]) => {
      const { messages: found } = await ann.history(session_id);
      const wanted = messages.map(({ message_id }) => message_id);
      assert.deepEqual(
        found.map(({ message_id }) => message_id).filter((message_id) => wanted.includes(message_id)),
        wanted,
      );
    };

    it('repeats its first answer and stores the message once', async () => {
      const { ann, session_id, messages, first, repeat } = await begun(3);
      assert.deepEqual(await repeat(), first);
      assert.deepEqual(await repeat(), first);
      await assertStoredOnce(ann, session_id, messages);
      assert.equal((await ann.get(session_id)).session.message_seq, 3);
    });

    it('repeats its first answer with the original context after later messages', async () => {
      const { ann, session_id, first, repeat } = await begun();
      await ann.tell(session_id, 2);
      assert.deepEqual(await repeat(), first);
      assert.equal((await ann.get(session_id)).session.message_seq, 3);
    });

    it('does not report a context as complete that no longer reaches back', async () => {
      const { ann, session_id, limits, first, repeat } = await begun();
      await ann.tell(session_id, limits.recentMessages);
      const { context_complete, context, ...again } = await repeat();
      assert.deepEqual({ context, context_complete }, { context: [], context_complete: false });
      assert.deepEqual({ ...first, ...again }, first);
    });

    it('does not extend the session', async () => {
      const { ann, session_id, advance, repeat } = await begun();
      const { session } = await ann.get(session_id);
      advance(1000);
      await repeat();
      assert.deepEqual((await ann.get(session_id)).session, session);
    });

    it('repeats its first answer after the end of the session', async () => {
      const { ann, session_id, first, repeat } = await begun();
      await ann.end(session_id);
      assert.deepEqual(await repeat(), first);
    });

    it('repeats its first answer after the expiry of the session and opens no successor', async () => {
      const { ann, session_id, limits, advance, messages, first, repeat } = await begun();
      advance(limits.idleTimeoutMs);
      assert.deepEqual(await repeat(), first);
      assert.deepEqual(await ann.append(session_id, messages, { recover: true, context_limit: 2 }), first);
      assert.equal((await ann.list()).sessions.length, 1);
    });

    it('repeats its first answer after the roll-over of the session', async () => {
      const { ann, session_id, limits, first, repeat } = await begun();
      await ann.tell(session_id, limits.messagesPerSession);
      const { context: _context, context_complete: _complete, ...again } = await repeat();
      assert.deepEqual({ ...first, ...again }, first);
    });

    it('returns the successor that holds the message', async () => {
      const { store, limits, advance } = open();
      const ann = new Actor(store, 'ann');
      const assertRepeated = async (append: () => Promise<AppendResult>) => {
        const first = await append();
        assert.deepEqual(await append(), first);
        assert.equal(first.messages[0]?.seq, 1);
      };
      const full = await ann.converse(limits.messagesPerSession);
      const [rolled, recovered, begun] = [newMessages(1), newMessages(1), newMessages(1)];
      await assertRepeated(() => ann.append(full, rolled));
      const idle = await ann.converse(1);
      advance(limits.idleTimeoutMs);
      await assertRepeated(() => ann.append(idle, recovered, { recover: true }));
      const unknown = randomUUID();
      await assertRepeated(() => ann.append(unknown, begun, { recover: true }));
    });

    it('repeats its first answer for a message in the successor of a full successor', async () => {
      const { store, limits } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(2 * limits.messagesPerSession);
      const messages = newMessages(1);
      const first = await ann.append(session_id, messages);
      assert.equal(first.rolled_over, true);
      assert.deepEqual(await ann.append(session_id, messages), first);
    });

    it('fails with already-exists for different content, role or metadata, and changes nothing', async () => {
      const { ann, session_id, messages, repeat } = await begun();
      const [message] = messages;
      assert.ok(message);
      await assertTaken(repeat([{ ...message, content: 'other' }]));
      await assertTaken(repeat([{ ...message, role: 'assistant' }]));
      await assertTaken(repeat([{ ...message, metadata: { intent: 'other' } }]));
      const { messages: found } = await ann.history(session_id, { full: true });
      assert.deepEqual(
        found.map(({ content, role, metadata }) => ({ content, role, metadata })),
        [{ content: message.content, role: message.role, metadata: message.metadata }],
      );
    });

    it('fails with already-exists in another session of the owner and of another user', async () => {
      const { ann, store, messages } = await begun();
      const elsewhere = await ann.create();
      await assertTaken(ann.append(elsewhere.session_id, messages));
      const bob = new Actor(store, 'bob');
      const foreign = await bob.create();
      await assertTaken(bob.append(foreign.session_id, messages));
      assert.deepEqual((await bob.history(foreign.session_id)).messages, []);
      assert.equal((await bob.get(foreign.session_id)).session.message_seq, 0);
    });

    it('fails with already-exists next to a new message, which is not stored', async () => {
      const { ann, session_id, messages, repeat } = await begun();
      await assertTaken(repeat([...messages, newMessage()]));
      await assertTaken(repeat([newMessage(), ...messages]));
      assert.equal((await ann.history(session_id)).messages.length, 1);
    });

    it('fails with already-exists next to a message of another session', async () => {
      const { ann, session_id, messages, limits } = await begun();
      await ann.tell(session_id, limits.messagesPerSession - 1);
      const moved = newMessages(1);
      const { rolled_over } = await ann.append(session_id, moved);
      assert.equal(rolled_over, true);
      await assertTaken(ann.append(session_id, [...messages, ...moved]));
    });
  });
