import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toIsoTime, utcDay } from '../../../src/clock.ts';
import { dayCounters, messageCounters } from '../../../src/counters.ts';
import { messagesCollection, sessionsCollection } from '../../../src/firestore/documents.ts';
import { countMessage } from '../../../src/firestore/index.ts';
import type { Message } from '../../../src/index.ts';
import { Actor, newMessage } from '../../../src/testing/actor.ts';
import { countersOf, creationsOf, dayTotals, storedSession } from '../../fixtures/documents.ts';
import { type FirestoreHarness, frozenFirestoreHarness } from '../../support/firestore-harness.ts';

/** What the totals must be: the sum over the messages. */
const totalsOf = (messages: Message[]): Record<string, number> => {
  const totals = countersOf({});
  for (const message of messages) {
    for (const [counter, value] of Object.entries(dayCounters(messageCounters(message)))) {
      totals[counter] = (totals[counter] ?? 0) + value;
    }
  }
  return totals;
};

const today = (harness: FirestoreHarness) => utcDay(toIsoTime(harness.now()));

/** Asserts that the session and the day hold what the stored messages add up to. */
const assertTotals = async (harness: FirestoreHarness, session_id: string) => {
  const expected = totalsOf((await creationsOf(harness.context)).map(({ message }) => message));
  const session = await storedSession(harness.context, session_id);
  assert.ok(session);
  assert.deepEqual(countersOf(session), { ...expected, sessions_created: 0, fallbacks: 0 });
  assert.deepEqual(countersOf(await dayTotals(harness.context, today(harness))), expected);
};

describe('countMessage()', () => {
  let harness: FirestoreHarness;
  let actor: Actor;
  beforeEach(() => {
    harness = frozenFirestoreHarness({ messagesPerSession: 100 });
    actor = new Actor(harness.store, 'owner');
  });
  afterEach(() => harness.close());

  it('counts 20 parallel messages of one session', async () => {
    const session_id = await actor.converse(20);
    const creations = await creationsOf(harness.context);
    const countings = await Promise.all(
      creations.map(({ message, updateTime }) => countMessage(harness.context, message, updateTime)),
    );
    assert.deepEqual(countings, Array(20).fill('counted'));
    await assertTotals(harness, session_id);
    assert.equal((await storedSession(harness.context, session_id))?.message_count, 20);
  });

  it('counts a message once and removes its mark', async () => {
    const session_id = await actor.converse(1);
    const [creation] = await creationsOf(harness.context);
    assert.ok(creation);
    const count = () => countMessage(harness.context, creation.message, creation.updateTime);
    assert.deepEqual([await count(), await count(), await count()], ['counted', 'already', 'already']);
    const [counted] = await creationsOf(harness.context);
    assert.equal(counted?.message.uncounted, undefined);
    assert.deepEqual(counted?.message.counted, messageCounters(creation.message));
    await assertTotals(harness, session_id);
  });

  it('counts a message once for any number of parallel deliveries', async () => {
    const session_id = await actor.converse(1);
    const [creation] = await creationsOf(harness.context);
    assert.ok(creation);
    const countings = await Promise.all(
      Array.from({ length: 8 }, () => countMessage(harness.context, creation.message, creation.updateTime)),
    );
    assert.deepEqual(countings.sort(), [...Array(7).fill('already'), 'counted']);
    await assertTotals(harness, session_id);
  });

  it('does nothing when a rating already counted the message', async () => {
    const session_id = await actor.converse(1);
    const [creation] = await creationsOf(harness.context);
    assert.ok(creation);
    await actor.feedback(session_id, creation.message.message_id, 'negative');
    assert.equal(await countMessage(harness.context, creation.message, creation.updateTime), 'already');
    await assertTotals(harness, session_id);
  });

  it('stops at a deleted session and recreates nothing', async () => {
    const session_id = await actor.converse(1);
    const [creation] = await creationsOf(harness.context);
    assert.ok(creation);
    await sessionsCollection(harness.context.db).doc(session_id).delete();
    assert.equal(await countMessage(harness.context, creation.message, creation.updateTime), 'gone');
    assert.equal(await storedSession(harness.context, session_id), null);
    assert.deepEqual(await dayTotals(harness.context, today(harness)), {});
    assert.equal((await creationsOf(harness.context))[0]?.message.counted, null);
  });

  it('stops at a deleted message and recreates nothing', async () => {
    const session_id = await actor.converse(1);
    const [creation] = await creationsOf(harness.context);
    assert.ok(creation);
    await messagesCollection(harness.context.db).doc(creation.message.message_id).delete();
    assert.equal(await countMessage(harness.context, creation.message, creation.updateTime), 'gone');
    assert.deepEqual(await creationsOf(harness.context), []);
    assert.deepEqual(await dayTotals(harness.context, today(harness)), {});
    assert.equal((await storedSession(harness.context, session_id))?.message_count, 0);
  });
});

describe('countMessage(), in any order and repetition', () => {
  it('produces equal totals when mixed with ratings and reconcile runs', async () => {
    const message = fc.record({
      role: fc.constantFrom<Message['role']>('user', 'assistant'),
      confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    });
    const event = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('delivery' as const), index: fc.nat() }) },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('rating' as const),
          index: fc.nat(),
          rating: fc.constantFrom('positive' as const, 'negative' as const),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('reconcile' as const) }) },
    );
    const messages = fc.array(message, { minLength: 1, maxLength: 5 });
    const rounds = fc.array(fc.array(event, { minLength: 1, maxLength: 5 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(messages, rounds, async (given, together) => {
        const harness = frozenFirestoreHarness();
        try {
          const owner = new Actor(harness.store, 'owner');
          const { session_id } = await owner.create();
          await owner.append(
            session_id,
            given.map(({ role, confidence }) =>
              newMessage({ role, metadata: confidence === null ? {} : { confidence } }),
            ),
          );
          const creations = await creationsOf(harness.context);
          const happen = async (event: (typeof together)[number][number]) => {
            if (event.kind === 'reconcile') return harness.settle();
            const creation = creations[event.index % creations.length];
            assert.ok(creation);
            const { message, updateTime } = creation;
            if (event.kind === 'delivery') await countMessage(harness.context, message, updateTime);
            else await owner.feedback(session_id, message.message_id, event.rating);
          };
          for (const round of together) await Promise.all(round.map(happen));
          await harness.settle();
          await assertTotals(harness, session_id);
        } finally {
          await harness.close();
        }
      }),
      { numRuns: 25 },
    );
  });
});
