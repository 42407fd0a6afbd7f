import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Message, type MessageCounters, messageCountersSchema } from 'kb-sessions-contract/records';
import {
  dayCounters,
  messageCounters,
  sessionCounters,
  uncountedDelta,
  ZERO_COUNTERS,
} from '../src/counters.ts';
import { messageOf } from './fixtures/records.ts';

const keys = Object.keys(ZERO_COUNTERS) as (keyof MessageCounters)[];
const sum = (parts: MessageCounters[]): MessageCounters =>
  Object.fromEntries(
    keys.map((key) => [key, parts.reduce((total, part) => total + part[key], 0)]),
  ) as MessageCounters;

describe('messageCounters()', () => {
  it('returns one message, one query and one session for the first message of a user', () => {
    const expected = { ...ZERO_COUNTERS, messages: 1, queries: 1, sessions_created: 1 };
    assert.deepEqual(messageCounters(messageOf()), expected);
  });

  it('counts a fallback for a message that was accepted in degraded mode', () => {
    const { fallbacks } = messageCounters(messageOf({ replayed: true }));
    assert.deepEqual([fallbacks, messageCounters(messageOf()).fallbacks], [1, 0]);
  });

  it('returns only one message for a later answer', () => {
    assert.deepEqual(messageCounters(messageOf({ seq: 2, role: 'assistant' })), {
      ...ZERO_COUNTERS,
      messages: 1,
    });
  });

  it('converts confidence to whole ten-thousandths', () => {
    const of = (confidence: number) => messageCounters(messageOf({ metadata: { confidence } }));
    assert.equal(of(0.87654).confidence_sum, 8765);
    assert.equal(of(1).confidence_sum, 10_000);
    assert.deepEqual([of(0).confidence_sum, of(0).confidence_count], [0, 1]);
  });

  it('counts the current rating', () => {
    assert.equal(messageCounters(messageOf({ feedback: 'positive' })).feedback_positive, 1);
    assert.equal(messageCounters(messageOf({ feedback: 'negative' })).feedback_negative, 1);
  });

  it('ignores messages and ratings that are already counted', () => {
    const message = messageOf();
    assert.deepEqual(
      messageCounters({ ...message, counted: messageCounters(message) }),
      messageCounters(message),
    );
  });
});

describe('uncountedDelta()', () => {
  it('returns the whole contribution of an uncounted message', () => {
    const message = messageOf({ metadata: { confidence: 0.5 } });
    assert.deepEqual(uncountedDelta(message), messageCounters(message));
  });

  it('returns null for a counted message', () => {
    const message = messageOf();
    assert.equal(uncountedDelta({ ...message, counted: messageCounters(message) }), null);
  });

  it('subtracts a rating when the opposite one replaces it', () => {
    const rated = messageOf({ feedback: 'positive' });
    const changed: Message = { ...rated, feedback: 'negative', counted: messageCounters(rated) };
    assert.deepEqual(uncountedDelta(changed), {
      ...ZERO_COUNTERS,
      feedback_positive: -1,
      feedback_negative: 1,
    });
  });

  it('produces the same totals in any order and with any repetition', () => {
    const metadata = fc.record(
      { confidence: fc.double({ min: 0, max: 1, noNaN: true }) },
      { requiredKeys: [] },
    );
    const message = fc
      .record({
        seq: fc.integer({ min: 1, max: 3 }),
        role: fc.constantFrom<Message['role']>('user', 'assistant'),
        metadata,
      })
      .map(messageOf);
    const step = fc.record({
      index: fc.nat({ max: 9 }),
      rate: fc.option(fc.constantFrom<Message['feedback']>('positive', 'negative')),
    });
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 8 }),
        fc.array(step, { maxLength: 40 }),
        (messages, steps) => {
          const stored = [...messages];
          const parts: MessageCounters[] = [];
          const count = (index: number) => {
            const found = stored[index];
            const part = found && uncountedDelta(found);
            if (!part) return;
            parts.push(part);
            stored[index] = { ...found, counted: messageCounters(found) };
          };
          for (const { index, rate } of steps) {
            const found = stored[index % stored.length];
            if (found && rate) stored[index % stored.length] = { ...found, feedback: rate };
            count(index % stored.length);
          }
          stored.forEach((_, index) => {
            count(index);
          });
          assert.deepEqual(sum(parts), sum(stored.map(messageCounters)));
          for (const { counted } of stored) assert.ok(messageCountersSchema.safeParse(counted).success);
        },
      ),
    );
  });
});

describe('dayCounters()', () => {
  it('includes the counters of the session and the created sessions', () => {
    const part = messageCounters(messageOf({ metadata: { confidence: 0.25 } }));
    assert.deepEqual(dayCounters(part), { ...sessionCounters(part), sessions_created: 1, fallbacks: 0 });
    assert.deepEqual(sessionCounters(part), {
      message_count: 1,
      total_queries: 1,
      confidence_sum: 2500,
      confidence_count: 1,
      feedback_positive: 0,
      feedback_negative: 0,
    });
  });
});
