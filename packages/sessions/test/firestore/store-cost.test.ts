import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { FirestoreModel, RELIABLE_CONNECTION } from 'kb-sessions-testing';
import { modelClient } from '../../../../functions/test/simulation/model-client.ts';
import { toIsoTime } from '../../src/clock.ts';
import {
  countActiveSessions,
  countMessage,
  expireSessions,
  type FirestoreContext,
  FirestoreStore,
  listActiveSessions,
  reconcileCounters,
} from '../../src/firestore/index.ts';
import { trackCost } from '../../src/operation-cost.ts';
import { Actor, newMessage, newMessages } from '../../src/testing/actor.ts';
import { assertNotFound } from '../../src/testing/assert-fails.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { creationsOf, dayTotals, store as storeRecords } from '../fixtures/documents.ts';
import { messageOf, sessionOf } from '../fixtures/records.ts';
import { frozenTime } from '../support/frozen-time.ts';

const DAY = '2026-03-01';
const RUN = { triggerGraceMs: 0, deadline: Number.POSITIVE_INFINITY, clock: Date.now };

/** Documents read, documents written. */
const costOf = async (work: () => Promise<unknown>): Promise<[number, number]> => {
  const cost = { documents_read: 0, documents_written: 0 };
  await trackCost(cost, work);
  return [cost.documents_read, cost.documents_written];
};

describe('FirestoreStore, in its reported cost,', () => {
  let context: FirestoreContext;
  let time: ReturnType<typeof frozenTime>;
  /** The RPCs that were made. */
  let made: string[];
  let ann: Actor;
  beforeEach(() => {
    time = frozenTime();
    made = [];
    const fault = (method: string) => {
      made.push(method);
      return RELIABLE_CONNECTION.fault(method);
    };
    const limits = { ...SMALL_LIMITS, expiryShards: 1, analyticsShards: 1, openSessionsPerUser: 0 };
    const db = modelClient(new FirestoreModel(time.now), { ...RELIABLE_CONNECTION, fault });
    context = { db, limits, deadlineMs: 30_000, now: time.now, random: () => 0 };
    ann = new Actor(new FirestoreStore(context), 'ann');
  });

  it('counts each call on an open session', async () => {
    const { session_id } = await ann.create();
    const { message_id } = newMessage();
    const calls: [string, () => Promise<unknown>, [number, number]][] = [
      ['create', () => ann.create(), [1, 1]],
      ['get', () => ann.get(session_id), [1, 0]],
      ['append of one', () => ann.append(session_id, [newMessage({ message_id })]), [1, 2]],
      ['append of five', () => ann.append(session_id, newMessages(5)), [1, 6]],
      ['history in recent', () => ann.history(session_id, { limit: 2 }), [1, 0]],
      ['history beyond recent', () => ann.history(session_id, { limit: 6 }), [1 + 6, 0]],
      ['list', () => ann.list({ limit: 5 }), [2, 0]],
      ['feedback', () => ann.feedback(session_id, message_id, 'positive'), [1, 3]],
      ['escalate', () => ann.escalate(session_id), [1, 2]],
      ['end', () => ann.end(session_id), [1, 1]],
    ];
    for (const [name, call, cost] of calls) assert.deepEqual(await costOf(call), cost, name);
  });

  it('counts one read of a missing session and no commit without a write', async () => {
    const { session_id } = await ann.create();
    await ann.end(session_id);
    const bob = new Actor(new FirestoreStore(context), 'bob');
    made = [];
    assert.deepEqual(await costOf(() => bob.list()), [1, 0]);
    assert.deepEqual(await costOf(() => ann.list({ status: 'escalated' })), [1, 0]);
    assert.deepEqual(await costOf(() => assertNotFound(bob.get(session_id))), [1, 0]);
    assert.deepEqual(await costOf(() => ann.end(session_id)), [1, 0]);
    assert.ok(!made.includes('commit'));
  });

  it('counts two reads of a creation with a taken id, and one more of such a message', async () => {
    const { session_id } = await ann.create();
    assert.deepEqual(await costOf(() => ann.create(session_id)), [2, 0]);
    const messages = newMessages(2);
    await ann.append(session_id, messages);
    assert.deepEqual(await costOf(() => ann.append(session_id, messages)), [3, 0]);
  });

  it('counts three writes of a counted message, and one more read of a repeated one', async () => {
    const session_id = await ann.converse(1);
    const [creation] = await creationsOf(context);
    assert.ok(creation);
    const count = () => countMessage(context, creation.message, creation.updateTime);
    assert.deepEqual(await costOf(count), [0, 3]);
    assert.deepEqual(await costOf(count), [1, 0]);
    // The shard of the day is added to, not replaced.
    await ann.escalate(session_id);
    const { message_count, escalations } = await dayTotals(context, DAY);
    assert.deepEqual([message_count, escalations], [1, 1]);
  });

  it('counts a read and a write per swept session, and one read of a shard without due ones', async () => {
    for (let sessions = 0; sessions < 3; sessions += 1) await ann.create();
    assert.deepEqual(await costOf(() => expireSessions(context, RUN)), [1, 0]);
    time.advance(SMALL_LIMITS.idleTimeoutMs);
    // The second turn of the one shard would be a third read.
    assert.deepEqual(await costOf(() => expireSessions(context, RUN)), [3, 3]);
  });

  it('counts each message, session and day of a reconcile run once', async () => {
    assert.deepEqual(await costOf(() => reconcileCounters(context, RUN)), [2, 0]);
    const session_id = await ann.converse(2);
    await ann.end(session_id);
    // Two messages, their session and the day; the session's end, and the day.
    assert.deepEqual(await costOf(() => reconcileCounters(context, RUN)), [2 + 1, 2 + 1 + 1 + 1 + 1]);
  });

  it('counts the reads and writes of a reconcile run that counts message by message', async () => {
    await ann.converse(2);
    await storeRecords(context, { messages: [messageOf({ created_at: toIsoTime(time.now()) })] });
    // Two messages are counted, and a message without a session loses its mark.
    assert.deepEqual(await costOf(() => reconcileCounters(context, RUN)), [3 + 1, 2 * 3 + 1]);
  });

  it('counts a read per thousand counted open sessions and one per listed session', async () => {
    const expires_at = toIsoTime(time.now() + 1);
    const sessions = Array.from({ length: 1001 }, () => sessionOf({ session_id: randomUUID(), expires_at }));
    assert.deepEqual(await costOf(() => countActiveSessions(context)), [1, 0]);
    await storeRecords(context, { sessions });
    assert.deepEqual(await costOf(() => countActiveSessions(context)), [2, 0]);
    const page = { limit: 3, cursor: null };
    assert.deepEqual(await costOf(() => listActiveSessions(context, page)), [3, 0]);
  });

  it('counts one read of an empty page, the last one', async () => {
    const list = () => listActiveSessions(context, { limit: 3, cursor: null });
    assert.deepEqual(await costOf(list), [1, 0]);
    await ann.create();
    assert.equal((await list()).next_cursor, null);
  });
});
