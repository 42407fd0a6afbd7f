import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CONTENT_MAX_BYTES, RECENT_MAX_BYTES } from 'kb-sessions-contract/records';
import { utf8ByteLength } from 'kb-sessions-contract/text';
import { appendRecent, contextWindow, planHistory, previousPageCursor } from '../src/recent-messages.ts';
import { SMALL_LIMITS } from '../src/testing/small-limits.ts';
import { messageOf, recentOf, sessionOf } from './fixtures/records.ts';

const PREDECESSOR = '3b241101-e2bb-4255-8caf-4136c566a962';
const seqs = (messages: { seq: number }[]) => messages.map(({ seq }) => seq);
const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);

describe('appendRecent()', () => {
  it('keeps the configured number of newest messages', () => {
    const limits = { ...SMALL_LIMITS, recentMessages: 3 };
    const added = [messageOf({ seq: 3 }), messageOf({ seq: 4 })];
    assert.deepEqual(seqs(appendRecent(recentOf(1, 2), added, limits)), [2, 3, 4]);
    assert.deepEqual(seqs(appendRecent(recentOf(1, 1), added, limits)), [1, 3, 4]);
  });

  it('keeps five fields of a message', () => {
    const added = messageOf({ metadata: { intent: 'secret' } });
    const { message_id, seq, role, content, created_at } = added;
    assert.deepEqual(appendRecent([], [added], SMALL_LIMITS), [
      { message_id, seq, role, content, created_at },
    ]);
  });

  for (const [over, kept] of [
    [0, [1, 2]],
    [1, [2]],
  ] as const) {
    it(`keeps ${kept.length} of two messages that together exceed 64 KB of UTF-8 by ${over} bytes`, () => {
      const half = 'ä'.repeat(CONTENT_MAX_BYTES / 2);
      const added = [
        messageOf({ seq: 1, content: half + '.'.repeat(over) }),
        messageOf({ seq: 2, content: half }),
      ];
      assert.deepEqual(seqs(appendRecent([], added, SMALL_LIMITS)), kept);
    });
  }

  it('returns the longest suffix of all messages within both limits', () => {
    const sizes = fc.array(fc.nat({ max: CONTENT_MAX_BYTES }), { maxLength: 12 });
    fc.assert(
      fc.property(
        sizes,
        fc.nat({ max: 10 }),
        fc.integer({ min: 1, max: 8 }),
        (bytes, old, recentMessages) => {
          const all = bytes.map((size, index) => messageOf({ seq: index + 1, content: 'x'.repeat(size) }));
          const limits = { ...SMALL_LIMITS, recentMessages };
          const kept = appendRecent(appendRecent([], all.slice(0, old), limits), all.slice(old), limits);
          const total = (from: number) =>
            all.slice(from).reduce((sum, { content }) => sum + utf8ByteLength(content), 0);
          const longest = range(0, all.length).find(
            (from) => all.length - from <= recentMessages && total(from) <= RECENT_MAX_BYTES,
          );
          assert.deepEqual(seqs(kept), seqs(all.slice(longest)));
        },
      ),
    );
  });
});

describe('contextWindow()', () => {
  const full = sessionOf({ message_seq: 30, recent: recentOf(11, 30) });

  it('returns null and no completeness when no context is requested', () => {
    assert.deepEqual(contextWindow(full, null), { context: null, context_complete: null });
  });

  it('returns a complete context of the requested length', () => {
    const { context, context_complete } = contextWindow(full, 20);
    assert.deepEqual(seqs(context ?? []), range(11, 30));
    assert.equal(context_complete, true);
    assert.deepEqual(seqs(contextWindow(full, 2).context ?? []), [29, 30]);
  });

  it('marks a shorter context than requested as incomplete', () => {
    const { context, context_complete } = contextWindow(full, 21);
    assert.deepEqual(seqs(context ?? []), range(11, 30));
    assert.equal(context_complete, false);
  });

  it('marks a context that reaches the first message as complete', () => {
    const young = sessionOf({ message_seq: 3, recent: recentOf(1, 3) });
    assert.equal(contextWindow(young, 50).context_complete, true);
  });

  it('continues into the predecessor and marks the context as incomplete when that is too short', () => {
    const successor = sessionOf({
      continues: PREDECESSOR,
      message_seq: 2,
      recent: [...recentOf(-3, -1).reverse(), ...recentOf(1, 2)],
    });
    assert.deepEqual(seqs(contextWindow(successor, 4).context ?? []), [-2, -3, 1, 2]);
    assert.equal(contextWindow(successor, 5).context_complete, true);
    assert.equal(contextWindow(successor, 6).context_complete, false);
    assert.equal(contextWindow(sessionOf({ continues: PREDECESSOR }), 1).context_complete, false);
  });

  it('omits messages after the requested one', () => {
    const { context, context_complete } = contextWindow(full, 20, 25);
    assert.deepEqual(seqs(context ?? []), range(11, 25));
    assert.equal(context_complete, false);
  });

  it('marks the context as incomplete when its message has left recent', () => {
    assert.deepEqual(contextWindow(full, 20, 5), { context: [], context_complete: false });
    assert.equal(contextWindow(sessionOf({ message_seq: 2 }), 5).context_complete, false);
  });

  it('marks an empty context before the first message as complete', () => {
    assert.deepEqual(contextWindow(sessionOf(), 5), { context: [], context_complete: true });
  });
});

/** What a page of a history of `1..last` must be. */
const pageOf = (last: number, limit: number, before: number | null) =>
  range(1, last)
    .filter((seq) => seq < (before ?? Number.POSITIVE_INFINITY))
    .slice(-limit);

describe('planHistory()', () => {
  it('returns the same page as a plain slice of 1..n, from recent or by its query', () => {
    const size = fc.nat({ max: 60 });
    const before = fc.option(fc.integer({ min: 1, max: 70 }));
    const limit = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(size, size, before, limit, fc.boolean(), (last, held, before_seq, limit, isSuccessor) => {
        const own = recentOf(Math.max(1, last - held + 1), last);
        const recent = isSuccessor ? [...recentOf(-4, -1), ...own] : own;
        const session = sessionOf({ message_seq: last, recent, continues: isSuccessor ? PREDECESSOR : null });
        const expected = pageOf(last, limit, before_seq);
        for (const full of [false, true]) {
          const plan = planHistory(session, { limit, before_seq, full });
          const page =
            plan.kind === 'recent' ? seqs(plan.messages) : pageOf(last, plan.limit, plan.before_seq);
          assert.deepEqual(page, expected);
          const mustQuery =
            expected.length > 0 && (full || (own[0]?.seq ?? 0) > (expected[0] ?? 0) || !own.length);
          assert.equal(plan.kind, mustQuery ? 'query' : 'recent');
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('limits its query to the messages that exist', () => {
    const session = sessionOf({ message_seq: 30, recent: recentOf(11, 30) });
    const plan = planHistory(session, { limit: 50, before_seq: null, full: false });
    assert.deepEqual(plan, { kind: 'query', before_seq: 31, limit: 30 });
  });
});

describe('previousPageCursor()', () => {
  it('returns the seq of the oldest message, and null at the first message', () => {
    assert.equal(previousPageCursor(recentOf(2, 5)), 2);
    assert.equal(previousPageCursor(recentOf(1, 5)), null);
    assert.equal(previousPageCursor([]), null);
  });
});
