import assert from 'node:assert/strict';
import { toIsoTime } from '../../../src/clock.ts';
import { sessionsCollection } from '../../../src/firestore/documents.ts';
import { endUserSessions } from '../../../src/firestore/expiry/end-user-sessions.ts';
import type { FirestoreContext } from '../../../src/firestore/index.ts';
import { ReadCache, type Session } from '../../../src/index.ts';
import { Actor, newMessage } from '../../../src/testing/actor.ts';
import { assertEnded } from '../../../src/testing/assert-fails.ts';
import { store, storedSession } from '../../fixtures/documents.ts';
import { beforeBulkWrites } from '../../fixtures/override-methods.ts';
import { OWNER, recentOf, STRANGER, sessionOf } from '../../fixtures/records.ts';
import { type FirestoreHarness, frozenFirestoreHarness } from '../../support/firestore-harness.ts';

const NO_DEADLINE = { deadline: Number.POSITIVE_INFINITY, clock: Date.now };

describe('endUserSessions()', () => {
  let harness: FirestoreHarness;
  beforeEach(() => {
    harness = frozenFirestoreHarness({ messagesPerSession: 2 });
  });
  afterEach(() => harness.close());

  const ending = (options: Partial<Parameters<typeof endUserSessions>[1]> = {}, context = harness.context) =>
    endUserSessions(context, {
      owner: OWNER,
      by: 'user',
      onSessionRead: () => {},
      ...NO_DEADLINE,
      ...options,
    });
  const opened = (fields: Partial<Session> = {}): Session => {
    const times = { created_at: toIsoTime(harness.now()), last_activity: toIsoTime(harness.now()) };
    return sessionOf({ ...times, expires_at: toIsoTime(harness.now() + 60_000), ...fields });
  };
  const peer = () => harness.peer ?? assert.fail('no second instance');
  const stored = ({ session_id }: Session) => storedSession(harness.context, session_id);
  const stillOpen = async () => {
    const own = sessionsCollection(harness.context.db).where('user_id', '==', OWNER);
    return (await own.where('status', 'in', ['active', 'escalated']).count().get()).data().count;
  };
  /** The context of one whose first write comes after `meanwhile`. */
  const overtaken = (meanwhile: () => Promise<unknown>): FirestoreContext => ({
    ...harness.context,
    db: beforeBulkWrites(harness.context.db, meanwhile),
  });

  it('ends the open sessions of the owner and changes no other field', async () => {
    const sessions = [opened({ recent: recentOf(1, 2) }), opened({ status: 'escalated' })];
    await store(harness.context, { sessions });
    assert.deepEqual(await ending(), { ended: 2, more: false });
    for (const session of sessions)
      assert.deepEqual(await stored(session), {
        ...session,
        status: 'ended',
        end_reason: 'user',
        ended_at: toIsoTime(harness.now()),
        uncounted: true,
      });
    assert.deepEqual(await ending(), { ended: 0, more: false });
  });

  it('records whether an admin requested it', async () => {
    const session = opened();
    await store(harness.context, { sessions: [session] });
    await ending({ by: 'admin' });
    const { status, end_reason } = (await stored(session)) ?? {};
    assert.deepEqual([status, end_reason], ['ended', 'admin']);
  });

  it('does not change finished sessions or those of others', async () => {
    const over = opened({ status: 'ended', end_reason: 'message_limit', ended_at: toIsoTime(harness.now()) });
    const foreign = opened({ user_id: STRANGER });
    await store(harness.context, { sessions: [over, foreign] });
    assert.deepEqual(await ending(), { ended: 0, more: false });
    assert.deepEqual(await stored(over), over);
    assert.deepEqual(await stored(foreign), foreign);
  });

  it('marks a session past its expires_at as expired and does not count it', async () => {
    const due = opened({ expires_at: toIsoTime(harness.now()) });
    const early = opened({ expires_at: toIsoTime(harness.now() + 1) });
    await store(harness.context, { sessions: [due, early] });
    assert.deepEqual(await ending(), { ended: 1, more: false });
    const expired = {
      status: 'expired',
      end_reason: 'idle_timeout',
      ended_at: due.expires_at,
      uncounted: true,
    };
    assert.deepEqual(await stored(due), { ...due, ...expired });
    assert.equal((await stored(early))?.status, 'ended');
  });

  it('processes all pages', async () => {
    await store(harness.context, { sessions: Array.from({ length: 201 }, () => opened()) });
    assert.deepEqual(await ending(), { ended: 201, more: false });
    assert.equal(await stillOpen(), 0);
  });

  it('stops at its deadline, reports the remaining work, and the next call finishes it', async () => {
    await store(harness.context, { sessions: Array.from({ length: 150 }, () => opened()) });
    let asked = 0;
    assert.deepEqual(await ending({ deadline: 1, clock: () => asked++ }), { ended: 100, more: true });
    assert.equal(await stillOpen(), 50);
    assert.deepEqual(await ending(), { ended: 50, more: false });
    assert.deepEqual(await ending({ deadline: 5, clock: () => 5 }), { ended: 0, more: true });
  });

  it('ends a session with a message that was written between its read and its write', async () => {
    const session = opened();
    await store(harness.context, { sessions: [session] });
    const actor = new Actor(peer(), OWNER);
    const context = overtaken(() => actor.append(session.session_id, [newMessage()]));
    assert.deepEqual(await ending({}, context), { ended: 1, more: false });
    const { status, message_seq, recent } = (await stored(session)) ?? {};
    assert.deepEqual([status, message_seq, recent?.length], ['ended', 1, 1]);
  });

  it('counts and reports an end whose applied write reported a failure', async () => {
    const session = opened();
    await store(harness.context, { sessions: [session] });
    const asWritten = { status: 'ended', end_reason: 'user', ended_at: new Date(harness.now()) };
    const context = overtaken(() =>
      sessionsCollection(harness.context.db)
        .doc(session.session_id)
        .update({ ...asWritten, uncounted: true }),
    );
    const seen: string[] = [];
    const onSessionRead = ({ session_id, status }: Session) => seen.push(`${status} ${session_id}`);
    assert.deepEqual(await ending({ onSessionRead }, context), { ended: 1, more: false });
    assert.deepEqual(seen, [`ended ${session.session_id}`]);
  });

  it('ends the successor of a session that rolls over meanwhile', async () => {
    const session = opened({ message_seq: 2 });
    await store(harness.context, { sessions: [session] });
    const actor = new Actor(peer(), OWNER);
    const context = overtaken(() => actor.append(session.session_id, [newMessage()]));
    assert.deepEqual(await ending({}, context), { ended: 1, more: false });
    const from = await stored(session);
    assert.equal(from?.end_reason, 'message_limit');
    const successor = await storedSession(harness.context, from?.continued_by ?? '');
    assert.deepEqual([successor?.status, successor?.end_reason], ['ended', 'user']);
  });

  it('does not count a session that was deleted meanwhile', async () => {
    const [gone, other] = [opened(), opened()];
    await store(harness.context, { sessions: [gone, other] });
    const context = overtaken(() => sessionsCollection(harness.context.db).doc(gone.session_id).delete());
    assert.deepEqual(await ending({}, context), { ended: 1, more: false });
    assert.equal(await stored(gone), null);
  });

  it('ends each session once in parallel calls', async () => {
    await store(harness.context, { sessions: Array.from({ length: 30 }, () => opened()) });
    const both = await Promise.all([ending(), ending({ by: 'admin' })]);
    assert.equal(
      both.reduce((sum, { ended }) => sum + ended, 0),
      30,
    );
    assert.equal(await stillOpen(), 0);
  });

  it('leaves no session that accepts a write through any instance, and informs the read cache', async () => {
    const cache = new ReadCache({ sessions: 10, bytes: 2 ** 20 });
    const session = opened();
    await store(harness.context, { sessions: [session] });
    cache.put(session);
    await ending({ by: 'admin', onSessionRead: (seen) => cache.put(seen) });
    assert.equal(cache.get(OWNER, session.session_id)?.status, 'ended');
    for (const instance of [harness.store, peer()]) {
      const actor = new Actor(instance, OWNER);
      await assertEnded(actor.append(session.session_id, [newMessage()], { recover: true }));
      await assertEnded(actor.get(session.session_id));
      await assertEnded(actor.escalate(session.session_id));
      assert.equal((await actor.end(session.session_id)).status, 'ended');
    }
  });
});
