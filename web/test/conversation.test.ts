import assert from 'node:assert/strict';
import {
  createClient,
  type DirectCallable,
  directTransport,
  SessionsError,
  type Settlement,
} from 'kb-sessions-client';
import { createConversation } from '../src/conversation.ts';
import { createStore, type State, signedOut } from '../src/state.ts';

const session = (session_id: string, status = 'active') => ({
  session_id,
  status,
  created_at: '2026-01-01T00:00:00.000Z',
  message_count: 0,
});

/** A page's conversation over fakes of the calls it makes; `answers` replaces some. */
const setUp = (answers: Record<string, (data: Record<string, unknown>) => unknown> = {}) => {
  const calls: { name: string; data: Record<string, unknown> }[] = [];
  const defaults: typeof answers = {
    createSession: ({ session_id }) => ({ session_id, durability: 'durable' }),
    getSession: ({ session_id }) => ({ session: session(String(session_id)), recovered: false }),
    getHistory: ({ session_id }) => ({ session_id, messages: [], next_before_seq: null, complete: true }),
    listSessions: () => ({ sessions: [], next_cursor: null }),
    addMessage: ({ session_id, message_id }) => ({ session_id, message_id, seq: 1, rolled_over: false }),
    endSession: ({ session_id }) => ({ session_id, status: 'ended' }),
  };
  const callables: Record<string, DirectCallable> = {};
  for (const [name, answer] of Object.entries({ ...defaults, ...answers }))
    callables[name] = {
      run: (request) => {
        const data = { ...Object(request.data) };
        calls.push({ name, data });
        return answer(data);
      },
    };
  const memory = new Map<string, string>();
  const followed: string[] = [];
  const store = createStore({ ...signedOut, person: { uid: 'u1', name: 'Thandi' } }, () => {});
  const conversation = createConversation({
    store,
    client: createClient(directTransport(callables)),
    lastSession: {
      get: (uid) => memory.get(uid) ?? null,
      set: (uid, id) => void memory.set(uid, id),
      forget: (uid) => void memory.delete(uid),
    },
    follow: (session_id) => {
      followed.push(session_id);
      return () => void followed.splice(followed.indexOf(session_id), 1);
    },
    demo: null,
  });
  const sent = () => calls.filter(({ name }) => name === 'addMessage').map(({ data }) => data);
  return {
    conversation,
    store,
    calls,
    sent,
    memory,
    followed,
    shown: (): State['shown'] => store.get().shown,
  };
};

/** As a server fails. */
const failing = (code: string, details: object = {}) => {
  throw Object.assign(new Error(code), { code, details });
};

describe('createConversation()', () => {
  it('starts a session, subscribes to it and stores its id', async () => {
    const { conversation, shown, memory, followed } = setUp();
    await conversation.start();
    const id = shown()?.session_id;
    assert(id !== undefined);
    assert.deepEqual([memory.get('u1'), followed], [id, [id]]);
  });

  it('sends an unacknowledged text again as the same message, and a different text as a new one', async () => {
    let away = true;
    const { conversation, sent } = setUp({
      addMessage: ({ session_id, message_id }) =>
        away ? failing('unavailable') : { session_id, message_id, seq: 1, rolled_over: false },
    });
    await conversation.start();
    await assert.rejects(conversation.send('erf?'), { code: 'unavailable' });
    away = false;
    await conversation.send('erf?');
    await conversation.send('erf?');
    const ids = sent().map((data) => data.message_id);
    assert.equal(ids[0], ids[1]);
    assert.notEqual(ids[1], ids[2]);
  });

  it('displays an acknowledged message at once', async () => {
    const { conversation, shown } = setUp();
    await conversation.start();
    await conversation.send('erf?');
    assert.deepEqual(
      shown()?.messages.map(({ seq, content }) => [seq, content]),
      [[1, 'erf?']],
    );
  });

  it('starts while the list of conversations is unavailable', async () => {
    const { conversation, shown, memory } = setUp({ listSessions: () => failing('unavailable') });
    await assert.rejects(conversation.start(), { code: 'unavailable' });
    const id = shown()?.session_id;
    assert(id !== undefined);
    await assert.rejects(conversation.resume(), { code: 'unavailable' });
    assert.deepEqual([memory.get('u1'), shown()?.session_id], [id, id]);
  });

  describe('settle()', () => {
    const saidVolatile = async () => {
      const page = setUp({
        addMessage: ({ session_id, message_id }) => ({
          session_id,
          message_id,
          seq: null,
          rolled_over: false,
        }),
      });
      await page.conversation.start();
      await page.conversation.send('erf?');
      const { session_id = '', messages = [] } = page.shown() ?? {};
      const message_id = messages[0]?.message_id ?? '';
      const input = { session_id, message_id, role: 'user', content: 'erf?' } as const;
      const call = { name: 'addMessage', input } as const;
      const at = { recovered: false, rolled_over: false, messages: [{ message_id, seq: 1 }] };
      const durable: Settlement = { outcome: 'durable', call, session_id, ...at };
      const seqs = () => page.shown()?.messages.map(({ seq }) => seq);
      return { ...page, durable, call, seqs };
    };

    it('adds the seq of messages that were pending', async () => {
      const { conversation, durable, seqs } = await saidVolatile();
      assert.deepEqual(seqs(), [null]);
      assert.equal(conversation.settle(durable), null);
      assert.deepEqual(seqs(), [1]);
    });

    it('returns the new session of the displayed messages, and no other', async () => {
      const { conversation, durable, shown, store } = await saidVolatile();
      const next = '11111111-ce75-5665-a070-57453082c256';
      const moved = { ...durable, session_id: next };
      assert.equal(conversation.settle(moved)?.session_id, next);
      assert.equal(conversation.settle(moved), null);
      await conversation.moveTo(moved);
      assert.equal(shown()?.session_id, next);
      assert.match(store.get().notice?.text ?? '', /had expired/);
    });

    it('removes refused messages and returns their text', async () => {
      const { conversation, call, seqs, store } = await saidVolatile();
      const error = new SessionsError('failed-precondition', 'no', { reason: 'refused' });
      assert.equal(conversation.settle({ outcome: 'refused', call, error }), null);
      assert.deepEqual(seqs(), []);
      const text = 'Not saved: erf? – The service has refused it for good.';
      assert.deepEqual(store.get().notice, { kind: 'error', text });
      conversation.settle({ outcome: 'refused', call: null, error: new SessionsError('data-loss', 'no') });
      const more = 'Not saved: something – What this device had kept of it cannot be read any more.';
      assert.equal(store.get().notice?.text, `${text} ${more}`);
    });
  });

  it('continues in the successor of a full session', async () => {
    const next = '11111111-ce75-5665-a070-57453082c256';
    const { conversation, shown, memory, followed, store } = setUp({
      addMessage: ({ message_id }) => ({ session_id: next, message_id, seq: 1, rolled_over: true }),
    });
    await conversation.start();
    await conversation.send('one more');
    assert.deepEqual([shown()?.session_id, memory.get('u1'), followed], [next, next, [next]]);
    assert.match(store.get().notice?.text ?? '', /was full/);
  });

  it('resumes the stored session', async () => {
    const { conversation, shown, memory } = setUp();
    memory.set('u1', 'remembered');
    await conversation.resume();
    assert.equal(shown()?.session_id, 'remembered');
  });

  it('discards a stored session that has ended, and no other', async () => {
    let ended = true;
    const { conversation, shown, memory } = setUp({
      getSession: () =>
        ended ? failing('failed-precondition', { reason: 'ended' }) : failing('unavailable'),
    });
    memory.set('u1', 'remembered');
    await conversation.resume();
    assert.deepEqual([shown(), memory.size], [null, 0]);
    memory.set('u1', 'remembered');
    ended = false;
    await assert.rejects(conversation.resume(), { code: 'unavailable' });
    assert.equal(memory.size, 1);
  });

  it('ends a session, discards its id and continues to display it', async () => {
    const { conversation, shown, memory } = setUp();
    await conversation.start();
    await conversation.end();
    assert.deepEqual([shown()?.status, memory.size], ['ended', 0]);
  });

  it('unsubscribes from a session that the user leaves', async () => {
    const { conversation, followed, shown } = setUp();
    await conversation.start();
    conversation.close();
    assert.deepEqual([followed, shown()], [[], null]);
  });
});
