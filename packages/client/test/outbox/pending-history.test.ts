import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { contract } from 'kb-sessions-contract';
import {
  appendPending,
  HISTORY_LIMIT,
  pendingMessages,
  pendingPage,
} from '../../src/outbox/pending-history.ts';
import { createPendingOperation } from '../../src/outbox/pending-operation.ts';
import { idOf, session_id } from './ids.ts';
import { kept } from './storage-contract.ts';

const message = (n: number, seq: number | null) => ({
  message_id: idOf(n),
  seq,
  role: 'user' as const,
  content: `message ${n}`,
  created_at: '2026-01-01T00:00:00.000Z',
});
const page = (numbers: number[], next_before_seq: number | null) => ({
  session_id,
  messages: numbers.map((n) => message(n, n)),
  next_before_seq,
  complete: true,
});
const seqs = ({ messages }: { messages: { seq: number | null }[] }) => messages.map(({ seq }) => seq);

describe('pendingMessages()', () => {
  it('returns the messages of one session in order, with the time they were stored', () => {
    const bundle = { session_id, messages: [3, 4].map((n) => ({ ...message(n, null), metadata: { n } })) };
    const operations = [
      kept(1),
      kept(2, { session_id: idOf(9) }),
      createPendingOperation(
        { name: 'createSession', input: { session_id } },
        { session_id, held_by: null },
        0,
      ),
      createPendingOperation({ name: 'addMessages', input: bundle }, { session_id, held_by: null }, 1000),
    ];
    const brief = pendingMessages(operations, session_id, false);
    const later = { created_at: '1970-01-01T00:00:01.000Z' };
    assert.deepEqual(brief, [
      message(1, null),
      { ...message(3, null), ...later },
      { ...message(4, null), ...later },
    ]);
    const rest = { feedback: null, feedback_comment: null, replayed: false };
    assert.deepEqual(
      pendingMessages(operations, session_id, true),
      brief.map((one, index) => ({ ...one, metadata: index === 0 ? {} : { n: index + 2 }, ...rest })),
    );
    assert.deepEqual(pendingMessages(operations, idOf(9), false), [message(2, null)]);
  });
});

describe('withPending()', () => {
  it('appends the messages that the page lacks', () => {
    const merged = appendPending(page([1, 2], null), [message(2, null), message(3, null)], 20);
    assert.deepEqual(seqs(merged), [1, 2, null]);
    assert.equal(merged.next_before_seq, null);
  });

  it('keeps the newest messages, and starts the next page at the first of them', () => {
    const pending = [message(8, null), message(9, null)];
    const merged = appendPending(page([4, 5, 6], 4), pending, 3);
    assert.deepEqual([seqs(merged), merged.next_before_seq], [[6, null, null], 6]);
    const whole = appendPending(page([1, 2, 3], null), pending, 3);
    assert.deepEqual([seqs(whole), whole.next_before_seq], [[3, null, null], 3]);
    const none = appendPending(page([4, 5, 6], 4), pending, 1);
    assert.deepEqual([none.messages, none.next_before_seq], [[message(9, null)], 7]);
    const empty = appendPending(page([], null), pending, 1);
    assert.deepEqual([empty.messages, empty.next_before_seq], [[message(9, null)], null]);
  });

  it('leaves no gap between pages', () => {
    const sizes = fc.record({
      stored: fc.nat(12),
      limit: fc.integer({ min: 1, max: 6 }),
      waiting: fc.nat(8),
    });
    fc.assert(
      fc.property(sizes, ({ stored, limit, waiting }) => {
        const all = Array.from({ length: stored }, (_, index) => index + 1);
        const before = (seq: number) => {
          const below = all.filter((one) => one < seq);
          const given = below.slice(-limit);
          return page(given, given.length < below.length ? (given[0] ?? null) : null);
        };
        const pending = Array.from({ length: waiting }, (_, index) => message(100 + index, null));
        let current = appendPending(before(100), pending, limit);
        assert.deepEqual(
          current.messages.filter(({ seq }) => seq === null),
          pending.slice(-limit),
        );
        let read = seqs(current).filter((seq) => seq !== null);
        while (current.next_before_seq !== null) {
          current = before(current.next_before_seq);
          read = [...seqs(current).filter((seq) => seq !== null), ...read];
        }
        assert.deepEqual(read, all);
      }),
    );
  });
});

describe('onlyPending()', () => {
  it('returns the newest pending messages and marks the page as incomplete', () => {
    const given = pendingPage(session_id, [message(1, null), message(2, null)], 1);
    assert.deepEqual(given, {
      session_id,
      messages: [message(2, null)],
      next_before_seq: null,
      complete: false,
    });
  });
});

describe('HISTORY_LIMIT', () => {
  it('equals the limit of the server', () => {
    assert.equal(contract.getHistory.input.parse({ session_id }).limit, HISTORY_LIMIT);
  });
});
