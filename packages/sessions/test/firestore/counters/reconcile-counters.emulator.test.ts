import assert from 'node:assert/strict';
import type { EndReason } from 'kb-sessions-contract/records';
import { toIsoTime, utcDay } from '../../../src/clock.ts';
import { messagesCollection, sessionsCollection } from '../../../src/firestore/documents.ts';
import { countMessage, type ReconcileResult, reconcileCounters } from '../../../src/firestore/index.ts';
import type { Message } from '../../../src/index.ts';
import { Actor } from '../../../src/testing/actor.ts';
import { creationsOf, dayTotals, store, storedSession } from '../../fixtures/documents.ts';
import { withCommits } from '../../fixtures/override-methods.ts';
import { messageOf, sessionOf } from '../../fixtures/records.ts';
import { type FirestoreHarness, frozenFirestoreHarness } from '../../support/firestore-harness.ts';

const YOUNG_MS = 60_000;
const OPTIONS = { triggerGraceMs: YOUNG_MS, deadline: Number.POSITIVE_INFINITY, clock: Date.now };
const NOTHING_FOUND: ReconcileResult = {
  messages_counted: 0,
  uncountable: 0,
  unreadable: 0,
  sessions_counted: 0,
  failed: 0,
  more: false,
};

describe('reconcileCounters()', () => {
  let harness: FirestoreHarness;
  let actor: Actor;
  beforeEach(() => {
    harness = frozenFirestoreHarness();
    actor = new Actor(harness.store, 'owner');
  });
  afterEach(() => harness.close());

  const reconcile = (options: Partial<typeof OPTIONS> = {}, context = harness.context) =>
    reconcileCounters(context, { ...OPTIONS, ...options });
  const today = () => utcDay(toIsoTime(harness.now()));
  const countOf = async (session_id: string) =>
    (await storedSession(harness.context, session_id))?.message_count;

  it('counts lost messages, reports the drift, and reports none in the next run', async () => {
    const session_id = await actor.converse(3);
    const [delivered] = await creationsOf(harness.context);
    assert.ok(delivered);
    await countMessage(harness.context, delivered.message, delivered.updateTime);
    harness.advance(YOUNG_MS);
    assert.deepEqual(await reconcile(), { ...NOTHING_FOUND, messages_counted: 2 });
    assert.equal(await countOf(session_id), 3);
    assert.equal((await dayTotals(harness.context, today())).message_count, 3);
    assert.deepEqual(await reconcile(), NOTHING_FOUND);
    assert.equal(await countOf(session_id), 3);
  });

  it('leaves recent messages to the trigger', async () => {
    const session_id = await actor.converse(1);
    harness.advance(YOUNG_MS - 1);
    assert.deepEqual(await reconcile(), NOTHING_FOUND);
    assert.equal(await countOf(session_id), 0);
    harness.advance(1);
    assert.equal((await reconcile()).messages_counted, 1);
  });

  it('removes the mark of messages without a session, does not count them and does not return to them', async () => {
    const session_id = await actor.converse(2);
    await sessionsCollection(harness.context.db).doc(session_id).delete();
    harness.advance(YOUNG_MS);
    assert.deepEqual(await reconcile(), { ...NOTHING_FOUND, uncountable: 2 });
    for (const { message } of await creationsOf(harness.context)) {
      assert.deepEqual([message.counted, message.uncounted], [null, undefined]);
    }
    assert.deepEqual(await dayTotals(harness.context, today()), {});
    assert.deepEqual(await reconcile(), NOTHING_FOUND);
  });

  it('counts a finished session once, by its reason, on the day of its end', async () => {
    const over = (end_reason: EndReason, ended_at: string) =>
      sessionOf({ status: 'ended', end_reason, ended_at, uncounted: true, message_seq: 1 });
    const first = '2026-02-27T23:59:59.999Z';
    const second = '2026-02-28T00:00:00.000Z';
    const sessions = [
      over('user', first),
      over('lifetime', first),
      over('lifetime', first),
      over('message_limit', second),
      over('idle_timeout', second),
    ];
    await store(harness.context, { sessions: [...sessions, sessionOf()] });
    assert.deepEqual(await reconcile(), { ...NOTHING_FOUND, sessions_counted: 5 });
    assert.deepEqual(await dayTotals(harness.context, utcDay(first)), {
      sessions_over_user: 1,
      sessions_over_lifetime: 2,
    });
    assert.deepEqual(await dayTotals(harness.context, utcDay(second)), {
      sessions_over_message_limit: 1,
      sessions_over_idle_timeout: 1,
    });
    assert.deepEqual(await reconcile(), NOTHING_FOUND);
    const [{ uncounted: _mark, ...counted } = over('user', first)] = sessions;
    assert.deepEqual(await storedSession(harness.context, counted.session_id), counted);
  });

  it('does not count a message that another run counted between its read and its write', async () => {
    const db = withCommits(harness.context.db, async (commit) => {
      await reconcile();
      return commit();
    });
    const overtaken = () => reconcile({}, { ...harness.context, db });
    const session_id = await actor.converse(1);
    harness.advance(YOUNG_MS);
    assert.deepEqual(await overtaken(), NOTHING_FOUND);
    await actor.end(session_id);
    assert.deepEqual(await overtaken(), NOTHING_FOUND);
    assert.equal(await countOf(session_id), 1);
    const { message_count, sessions_over_user } = await dayTotals(harness.context, today());
    assert.deepEqual([message_count, sessions_over_user], [1, 1]);
  });

  it('counts everything once in parallel runs', async () => {
    const session_id = await actor.converse(8);
    const ended = Array.from({ length: 8 }, () =>
      sessionOf({
        status: 'ended',
        end_reason: 'user',
        ended_at: toIsoTime(harness.now()),
        uncounted: true,
        message_seq: 1,
      }),
    );
    await store(harness.context, { sessions: ended });
    harness.advance(YOUNG_MS);
    const runs = await Promise.all([reconcile(), reconcile(), reconcile()]);
    const sum = (field: 'messages_counted' | 'sessions_counted' | 'failed') =>
      runs.reduce((total, run) => total + run[field], 0);
    assert.equal(sum('failed'), 0);
    assert.equal(sum('sessions_counted'), 8);
    const { sessions_over_user, message_count } = await dayTotals(harness.context, today());
    assert.deepEqual([sessions_over_user, message_count], [8, 8]);
    assert.equal(await countOf(session_id), 8);
    assert.equal(sum('messages_counted'), 8);
  });

  it('processes all pages', async () => {
    const sessions = Array.from({ length: 20 }, () => sessionOf());
    const messages = sessions.flatMap(({ session_id }) =>
      Array.from({ length: 51 }, (_, index): Message => messageOf({ session_id, seq: index + 1 })),
    );
    await store(harness.context, { sessions, messages });
    assert.deepEqual(await reconcile(), { ...NOTHING_FOUND, messages_counted: 1020 });
    for (const { session_id } of sessions) assert.equal(await countOf(session_id), 51);
  });

  it('stops at its deadline, reports the remaining work, and the next run finishes it', async () => {
    await actor.converse(1);
    harness.advance(YOUNG_MS);
    const stopped = { ...NOTHING_FOUND, more: true };
    assert.deepEqual(await reconcile({ deadline: 5, clock: () => 5 }), stopped);
    assert.deepEqual(await reconcile(), { ...NOTHING_FOUND, messages_counted: 1 });
  });

  it('removes the mark of unreadable or uncountable messages, reports them and continues', async () => {
    const over = {
      status: 'ended',
      end_reason: 'user',
      ended_at: toIsoTime(harness.now()),
      uncounted: true,
    } as const;
    const broken = sessionOf({ uncounted: true });
    const empty = sessionOf(over);
    const fine = sessionOf({ ...over, message_seq: 1 });
    const strange = sessionOf({ ...over, message_seq: 1 });
    const nameless = messageOf({ session_id: fine.session_id });
    const poison = messageOf({ session_id: fine.session_id });
    await store(harness.context, { sessions: [broken, empty, fine, strange], messages: [poison, nameless] });
    await messagesCollection(harness.context.db)
      .doc(poison.message_id)
      .update({ metadata: 'none', created_at: 7 });
    await messagesCollection(harness.context.db).doc(nameless.message_id).update({ message_id: 7 });
    await sessionsCollection(harness.context.db)
      .doc(strange.session_id)
      .update({ recent: null, created_at: 'never' });
    harness.advance(YOUNG_MS);
    const expected = {
      ...NOTHING_FOUND,
      messages_counted: 1,
      sessions_counted: 2,
      uncountable: 1,
      unreadable: 2,
    };
    assert.deepEqual(await reconcile(), expected);
    assert.deepEqual(await reconcile(), NOTHING_FOUND);
  });
});
