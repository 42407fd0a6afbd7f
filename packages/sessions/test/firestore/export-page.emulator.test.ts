import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { GeoPoint, Timestamp } from 'firebase-admin/firestore';
import { sessionCounters, ZERO_COUNTERS } from '../../src/counters.ts';
import { messagesCollection, sessionsCollection } from '../../src/firestore/documents.ts';
import { type ExportPage, exportPage } from '../../src/firestore/export-page.ts';
import { trackCost } from '../../src/operation-cost.ts';
import { Actor, newMessage } from '../../src/testing/actor.ts';
import { countersOf, store } from '../fixtures/documents.ts';
import { messageOf, OWNER, recentOf, STRANGER, sessionOf } from '../fixtures/records.ts';
import { type FirestoreHarness, frozenFirestoreHarness } from '../support/firestore-harness.ts';

/** The counters of a session that its messages make. */
const COUNTERS = Object.keys(sessionCounters(ZERO_COUNTERS));

describe('exportPage()', () => {
  let harness: FirestoreHarness;
  beforeEach(() => {
    harness = frozenFirestoreHarness({ messagesPerSession: 5 });
  });
  afterEach(() => harness.close());

  const pageOf = (limit: number, cursor: string | null = null, owner = OWNER) =>
    exportPage(harness.context, { owner, limit, cursor });
  /** Every page, one after the other; `between` runs before each but the first. */
  const walk = async (limit: number, between = async () => {}, owner = OWNER): Promise<ExportPage[]> => {
    const pages = [await pageOf(limit, null, owner)];
    for (;;) {
      const cursor = pages.at(-1)?.next_cursor ?? null;
      if (cursor === null) return pages;
      await between();
      pages.push(await pageOf(limit, cursor, owner));
    }
  };
  const together = (pages: ExportPage[]) => ({
    sessions: pages.flatMap(({ sessions }) => sessions),
    messages: pages.flatMap(({ messages }) => messages),
  });
  const idsOf = (pages: ExportPage[]) => {
    const { sessions, messages } = together(pages);
    return [...sessions.map(({ session_id }) => session_id), ...messages.map(({ message_id }) => message_id)];
  };
  const records = (sessions: number, messages: number, user_id = OWNER) => ({
    sessions: Array.from({ length: sessions }, () => sessionOf({ user_id })),
    messages: Array.from({ length: messages }, () => messageOf({ user_id })),
  });
  const sorted = ({ sessions, messages }: ReturnType<typeof records>): string[] => [
    ...sessions.map(({ session_id }) => session_id).sort(),
    ...messages.map(({ message_id }) => message_id).sort(),
  ];

  it('returns the stored data of a user without internal fields', async () => {
    const session = sessionOf({
      recent: recentOf(1, 2),
      conversation_summary: 'about erven',
      uncounted: true,
    });
    const message = messageOf({
      metadata: { topics: ['erf'], own: { deep: [1, null] } },
      feedback: 'positive',
    });
    await store(harness.context, { sessions: [session], messages: [message] });
    const {
      recent: _recent,
      expiry_shard: _shard,
      uncounted: _over,
      schema_version: _version,
      ...own
    } = session;
    const { counted: _counted, uncounted: _uncounted, ...said } = message;
    assert.deepEqual(await pageOf(10), { sessions: [own], messages: [said], next_cursor: null });
  });

  for (const [sessions, messages, limit] of [
    [0, 0, 3],
    [3, 0, 3],
    [0, 3, 3],
    [3, 3, 3],
    [2, 4, 3],
    [4, 1, 3],
    [5, 12, 1],
    [5, 12, 100],
  ] as const)
    it(`returns ${sessions} sessions and ${messages} messages by id, each once, in pages of ${limit}`, async () => {
      const own = records(sessions, messages);
      await store(harness.context, own);
      await store(harness.context, records(3, 3, STRANGER));
      const pages = await walk(limit);
      assert.deepEqual(idsOf(pages), sorted(own));
      for (const page of pages.slice(0, -1)) assert.equal(page.sessions.length + page.messages.length, limit);
    });

  it('reads at most one document more than the page size', async () => {
    await store(harness.context, records(7, 9));
    for (let cursor: string | null = null; ; ) {
      const cost = { documents_read: 0, documents_written: 0 };
      const page: ExportPage = await trackCost(cost, () => pageOf(4, cursor));
      assert.ok(cost.documents_read <= 5, `read ${cost.documents_read}`);
      assert.equal(cost.documents_written, 0);
      cursor = page.next_cursor;
      if (cursor === null) return;
    }
  });

  it('returns all data that existed at the first page once, during any writes', async () => {
    const own = records(6, 14);
    await store(harness.context, own);
    const expiring = own.sessions[5];
    assert.ok(expiring);
    const pages = await walk(3, async () => {
      const { db } = harness.context;
      await store(harness.context, records(1, 1));
      await sessionsCollection(db)
        .doc(expiring.session_id)
        .update({ status: 'expired', message_count: randomInt(100) });
    });
    const ids = idsOf(pages);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      sorted(own).filter((id) => !ids.includes(id)),
      [],
    );
  });

  it('returns no data of another user, even with a cursor of that user', async () => {
    await store(harness.context, records(2, 2, STRANGER));
    const { next_cursor } = await pageOf(1, null, STRANGER);
    assert.ok(next_cursor);
    assert.deepEqual(await pageOf(10, next_cursor), { sessions: [], messages: [], next_cursor: null });
  });

  it('returns an unreadable record as stored, together with the rest', async () => {
    const [session, message] = [sessionOf(), messageOf()];
    await store(harness.context, { sessions: [session], messages: [message] });
    const { db } = harness.context;
    const at = Timestamp.fromMillis(0);
    await sessionsCollection(db)
      .doc(session.session_id)
      .update({
        recent: 'nothing',
        message_count: Number.POSITIVE_INFINITY,
        company: sessionsCollection(db).doc('x'),
        division: Buffer.from('bytes'),
        user_type: new GeoPoint(1, 2),
        expires_at: 'tomorrow',
      });
    await messagesCollection(db)
      .doc(message.message_id)
      .update({ metadata: { confidence: Number.NaN, at: [at] }, seq: '1' });
    await messagesCollection(db)
      .doc('ofTheConsole')
      .set({ user_id: OWNER, content: { form: 'old' }, extra: 1 });
    const pages = await walk(1);
    const { sessions, messages } = together(pages);
    assert.deepEqual(JSON.parse(JSON.stringify({ sessions, messages })), { sessions, messages });
    const [one] = sessions;
    assert.deepEqual(
      [one?.message_count, one?.company, one?.division, one?.user_type, one?.expires_at, one?.user_name],
      [
        'Infinity',
        'kb_sessions/x',
        Buffer.from('bytes').toString('base64'),
        { _latitude: 1, _longitude: 2 },
        'tomorrow',
        null,
      ],
    );
    const [old, poisoned] = messages[0]?.message_id === null ? messages : [...messages].reverse();
    assert.deepEqual(poisoned?.metadata, { confidence: 'NaN', at: ['1970-01-01T00:00:00.000Z'] });
    assert.equal(poisoned?.content, message.content);
    assert.deepEqual(
      [old?.content, old?.role, Object.hasOwn(old ?? {}, 'extra')],
      [{ form: 'old' }, null, false],
    );
  });

  it('matches the counters for random conversations with roll-overs, ratings and confidence', async () => {
    const actor = new Actor(harness.store, OWNER);
    for (let conversation = 0; conversation < 4; conversation += 1) {
      let { session_id } = await actor.create(randomUUID());
      for (let turn = randomInt(12); turn > 0; turn -= 1) {
        const isAnswer = randomInt(2) === 1;
        const answer = { role: 'assistant' as const, metadata: { confidence: randomInt(10_001) / 10_000 } };
        const said = Array.from({ length: 1 + randomInt(3) }, () => newMessage(isAnswer ? answer : {}));
        const appended = await actor.append(session_id, said, { recover: true });
        ({ session_id } = appended);
        const rated = said[randomInt(said.length)]?.message_id ?? '';
        if (randomInt(2) === 1)
          await actor.feedback(session_id, rated, randomInt(2) === 1 ? 'positive' : 'negative');
      }
      if (randomInt(2) === 1) await actor.end(session_id);
    }
    harness.advance(1);
    await harness.settle();
    const { sessions, messages } = together(await walk(1 + randomInt(20)));
    const sums = (all: object[]) =>
      all
        .map(countersOf)
        .reduce((sum, one) => addedUp(sum, one), Object.fromEntries(COUNTERS.map((c) => [c, 0])));
    const ofMessages = messages.map((message) => ({
      message_count: 1,
      total_queries: Number(message.role === 'user'),
      confidence_sum: Math.round((message.metadata.confidence ?? 0) * 10_000),
      confidence_count: Number(message.metadata.confidence !== undefined),
      feedback_positive: Number(message.feedback === 'positive'),
      feedback_negative: Number(message.feedback === 'negative'),
    }));
    assert.deepEqual(sums(sessions), sums(ofMessages));
    assert.equal(sums(sessions).message_count, messages.length);
  });
});

const addedUp = (sum: Record<string, number>, one: Record<string, number>) =>
  Object.fromEntries(Object.entries(sum).map(([counter, value]) => [counter, value + (one[counter] ?? 0)]));
