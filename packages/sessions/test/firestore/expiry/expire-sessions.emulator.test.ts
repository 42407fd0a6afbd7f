import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { toIsoTime } from '../../../src/clock.ts';
import { sessionsCollection } from '../../../src/firestore/documents.ts';
import { expireSessions } from '../../../src/firestore/index.ts';
import type { Session } from '../../../src/index.ts';
import { Actor } from '../../../src/testing/actor.ts';
import { assertExpired } from '../../../src/testing/assert-fails.ts';
import { store, storedSession } from '../../fixtures/documents.ts';
import { beforeBulkWrites } from '../../fixtures/override-methods.ts';
import { recentOf, sessionOf } from '../../fixtures/records.ts';
import { type FirestoreHarness, frozenFirestoreHarness } from '../../support/firestore-harness.ts';

const NO_DEADLINE = { deadline: Number.POSITIVE_INFINITY, clock: Date.now };

describe('expireSessions()', () => {
  let harness: FirestoreHarness;
  beforeEach(() => {
    harness = frozenFirestoreHarness();
  });
  afterEach(() => harness.close());

  /** Stores `count` sessions that are due since `ago` milliseconds. */
  const storeDue = async (
    count: number,
    { ago = 0, ...fields }: Partial<Session> & { ago?: number } = {},
  ) => {
    const opened = harness.now() - harness.limits.idleTimeoutMs - ago;
    const times = { created_at: toIsoTime(opened), last_activity: toIsoTime(opened) };
    const expires_at = toIsoTime(harness.now() - ago);
    const sessions = Array.from({ length: count }, () => sessionOf({ ...times, expires_at, ...fields }));
    await store(harness.context, { sessions });
    return sessions;
  };
  const sweep = (options = NO_DEADLINE, context = harness.context) => expireSessions(context, options);
  const stillOpen = async () => {
    const open = sessionsCollection(harness.context.db)
      .where('status', 'in', ['active', 'escalated'])
      .count();
    return (await open.get()).data().count;
  };

  it('expires a session at its expires_at, and not a millisecond earlier', async () => {
    const [due] = await storeDue(1, { ago: 0 });
    const [early] = await storeDue(1, { ago: -1 });
    assert.ok(due && early);
    assert.deepEqual(await sweep(), { expired: 1, skipped: 0, failed: 0, more: false });
    assert.equal((await storedSession(harness.context, due.session_id))?.status, 'expired');
    assert.deepEqual(await storedSession(harness.context, early.session_id), early);
    harness.advance(1);
    assert.equal((await sweep()).expired, 1);
  });

  it('sets the end of a session to its expires_at even in a late sweep, and changes no other field', async () => {
    const [idle] = await storeDue(1, { ago: 86_400_000, status: 'escalated', recent: recentOf(1, 2) });
    assert.ok(idle);
    await sweep();
    assert.deepEqual(await storedSession(harness.context, idle.session_id), {
      ...idle,
      status: 'expired',
      end_reason: 'idle_timeout',
      ended_at: idle.expires_at,
      uncounted: true,
    });
  });

  it('sets lifetime as the reason when the lifetime has passed', async () => {
    const created_at = toIsoTime(harness.now() - harness.limits.lifetimeMs);
    const [old] = await storeDue(1, { created_at });
    await sweep();
    assert.equal((await storedSession(harness.context, old?.session_id ?? ''))?.end_reason, 'lifetime');
  });

  it('does not change finished sessions', async () => {
    const over = await storeDue(1, {
      status: 'ended',
      end_reason: 'user',
      ended_at: toIsoTime(harness.now()),
    });
    assert.equal((await sweep()).expired, 0);
    assert.deepEqual(await storedSession(harness.context, over[0]?.session_id ?? ''), over[0]);
  });

  it('processes all pages of every shard', async () => {
    await storeDue(2001, { expiry_shard: 0 });
    await storeDue(199, { expiry_shard: 1 });
    assert.deepEqual(await sweep(), { expired: 2200, skipped: 0, failed: 0, more: false });
    assert.equal(await stillOpen(), 0);
  });

  it('stops at its deadline, reports the remaining work, and the next run finishes it', async () => {
    await storeDue(2100);
    const fromTheFirst = { ...harness.context, random: () => 0 };
    let asked = 0;
    // Before the first page, the second, third and fourth time it writes of it, and before the second page.
    const clock = () => asked++;
    assert.deepEqual(await sweep({ deadline: 4, clock }, fromTheFirst), {
      expired: 2000,
      skipped: 0,
      failed: 0,
      more: true,
    });
    assert.equal(await stillOpen(), 100);
    assert.deepEqual(await sweep(), { expired: 100, skipped: 0, failed: 0, more: false });
  });

  it('does nothing after its deadline', async () => {
    await storeDue(1);
    const none = { expired: 0, skipped: 0, failed: 0, more: true };
    assert.deepEqual(await sweep({ deadline: 5, clock: () => 5 }), none);
    assert.equal(await stillOpen(), 1);
  });

  it('skips a session that is touched between its read and its write, and expires the others', async () => {
    const due = await storeDue(3);
    const touched = due[1];
    assert.ok(touched);
    const later = { expires_at: new Date(harness.now() + 60_000), last_activity: new Date(harness.now()) };
    const touch = () => sessionsCollection(harness.context.db).doc(touched.session_id).update(later);
    const db = beforeBulkWrites(harness.context.db, touch);
    assert.deepEqual(await sweep(NO_DEADLINE, { ...harness.context, db }), {
      expired: 2,
      skipped: 1,
      failed: 0,
      more: false,
    });
    const session = await storedSession(harness.context, touched.session_id);
    assert.equal(session?.status, 'active');
    assert.equal(session?.expires_at, toIsoTime(harness.now() + 60_000));
  });

  it('skips a session that is deleted between its read and its write', async () => {
    const [gone] = await storeDue(2);
    assert.ok(gone);
    const remove = () => sessionsCollection(harness.context.db).doc(gone.session_id).delete();
    const db = beforeBulkWrites(harness.context.db, remove);
    const { expired, skipped } = await sweep(NO_DEADLINE, { ...harness.context, db });
    assert.deepEqual([expired, skipped], [1, 1]);
    assert.equal(await storedSession(harness.context, gone.session_id), null);
  });

  it('expires each session once in parallel sweeps', async () => {
    const due = await storeDue(60);
    const swept = await Promise.all([sweep(), sweep(), sweep()]);
    assert.equal(
      swept.reduce((sum, { expired }) => sum + expired, 0),
      due.length,
    );
    assert.deepEqual(
      swept.map(({ failed, more }) => [failed, more]),
      Array(3).fill([0, false]),
    );
    assert.equal(await stillOpen(), 0);
  });

  it('skips every session that another sweep expired after its read', async () => {
    await storeDue(5);
    const db = beforeBulkWrites(harness.context.db, () => sweep());
    const late = await sweep(NO_DEADLINE, { ...harness.context, db });
    assert.deepEqual([late.expired, late.skipped, late.failed], [0, 5, 0]);
  });

  it('does nothing when the owner already found a session expired', async () => {
    const actor = new Actor(harness.store, 'owner');
    const { session_id } = await actor.create(randomUUID());
    harness.advance(harness.limits.idleTimeoutMs);
    await assertExpired(actor.get(session_id));
    assert.equal((await storedSession(harness.context, session_id))?.status, 'expired');
    assert.deepEqual(await sweep(), { expired: 0, skipped: 0, failed: 0, more: false });
    await assertExpired(actor.get(session_id));
  });
});
