import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { toIsoTime, toMillis } from '../../../src/clock.ts';
import { expireSessions, type FirestoreContext, FirestoreStore } from '../../../src/firestore/index.ts';
import { Actor, newMessage } from '../../../src/testing/actor.ts';
import { assertExpired, failureOf } from '../../../src/testing/assert-fails.ts';
import { creationsOf, store, storedSession } from '../../fixtures/documents.ts';
import { beforeBulkWrites, withCommits } from '../../fixtures/override-methods.ts';
import { OWNER, sessionOf } from '../../fixtures/records.ts';
import { type FirestoreHarness, frozenFirestoreHarness } from '../../support/firestore-harness.ts';

const NO_DEADLINE = { deadline: Number.POSITIVE_INFINITY, clock: Date.now };

describe('expireSessions() against append(), in the millisecond of expires_at', () => {
  let harness: FirestoreHarness;
  /** A writer whose read was a millisecond before expires_at. */
  let inTime: FirestoreContext;
  /** A sweeper whose read was at expires_at. */
  let sweeper: FirestoreContext;
  const session_id = randomUUID();

  beforeEach(async () => {
    harness = frozenFirestoreHarness();
    const boundary = harness.now();
    inTime = { ...harness.context, now: () => boundary - 1 };
    sweeper = { ...harness.context, now: () => boundary };
    await storeAtBoundary(session_id);
  });
  afterEach(() => harness.close());

  const storeAtBoundary = (...ids: string[]) => {
    const begun = toIsoTime(harness.now() - harness.limits.idleTimeoutMs);
    const times = { created_at: begun, last_activity: begun, expires_at: toIsoTime(harness.now()) };
    return store(harness.context, { sessions: ids.map((id) => sessionOf({ session_id: id, ...times })) });
  };
  const writer = (context = inTime) => new Actor(new FirestoreStore(context), OWNER);
  const messagesIn = async (id: string) =>
    (await creationsOf(harness.context)).filter(({ message }) => message.session_id === id).length;

  it('keeps the session open when the message comes between the read and the write of the sweep', async () => {
    const db = beforeBulkWrites(sweeper.db, () => writer().append(session_id, [newMessage()]));
    const { expired, skipped } = await expireSessions({ ...sweeper, db }, NO_DEADLINE);
    assert.deepEqual([expired, skipped], [0, 1]);
    const session = await storedSession(harness.context, session_id);
    assert.deepEqual([session?.status, session?.message_seq], ['active', 1]);
    assert.equal(await messagesIn(session_id), 1);
  });

  /** A context whose first commit comes after a sweep. */
  const overtaken = () => {
    let swept = false;
    const db = withCommits(inTime.db, async (commit) => {
      if (!swept) await expireSessions(sweeper, NO_DEADLINE);
      swept = true;
      return commit();
    });
    return { ...inTime, db };
  };

  it('refuses the message when the sweep comes between its read and its write', async () => {
    await assertExpired(writer(overtaken()).append(session_id, [newMessage()]));
    assert.equal((await storedSession(harness.context, session_id))?.status, 'expired');
    assert.deepEqual(await creationsOf(harness.context), []);
  });

  it('appends the message to the successor in that case when the writer recovers', async () => {
    const appended = await writer(overtaken()).append(session_id, [newMessage()], { recover: true });
    assert.equal(appended.recovered, true);
    const [from, to] = await Promise.all([
      storedSession(harness.context, session_id),
      storedSession(harness.context, appended.session_id),
    ]);
    assert.deepEqual([from?.status, from?.continued_by], ['expired', to?.session_id]);
    assert.deepEqual([from?.message_seq, to?.message_seq, to?.continues], [0, 1, session_id]);
    assert.equal(await messagesIn(session_id), 0);
    assert.equal(await messagesIn(appended.session_id), 1);
  });

  it('leaves no message in a session that expired before it, whichever call wins', async () => {
    const ids = Array.from({ length: 20 }, () => randomUUID());
    await storeAtBoundary(...ids);
    const actor = writer();
    const appending = ids.map(async (id) => {
      const outcome = actor.append(id, [newMessage()]);
      return outcome.then(
        () => 'stored',
        () => failureOf(outcome).then(({ details }) => details.reason),
      );
    });
    const [outcomes] = await Promise.all([Promise.all(appending), expireSessions(sweeper, NO_DEADLINE)]);
    for (const [index, id] of ids.entries()) {
      const session = await storedSession(harness.context, id);
      assert.ok(session);
      const isStored = outcomes[index] === 'stored';
      assert.ok(isStored || outcomes[index] === 'expired', `found ${outcomes[index]}`);
      assert.deepEqual([session.status, session.message_seq], isStored ? ['active', 1] : ['expired', 0]);
      assert.equal(await messagesIn(id), session.message_seq);
      if (isStored) assert.ok(toMillis(session.expires_at) > harness.now());
    }
  });
});
