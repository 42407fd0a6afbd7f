import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setImmediate as setImmediately } from 'node:timers/promises';
import { type DocumentReference, type Firestore, GrpcStatus } from 'firebase-admin/firestore';
import { FirestoreModel, type ModelFault, RELIABLE_CONNECTION } from 'kb-sessions-testing';
import { modelClient } from '../../../../functions/test/simulation/model-client.ts';
import { toIsoTime, utcDay } from '../../src/clock.ts';
import { messageCounters } from '../../src/counters.ts';
import { messagesCollection, sessionsCollection } from '../../src/firestore/documents.ts';
import {
  countMessage,
  expireSessions,
  type FirestoreContext,
  FirestoreStore,
  reconcileCounters,
} from '../../src/firestore/index.ts';
import { SessionError } from '../../src/index.ts';
import { Actor } from '../../src/testing/actor.ts';
import { assertNotFound } from '../../src/testing/assert-fails.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { creationsOf, dayTotals, storedSession, store as storeRecords } from '../fixtures/documents.ts';
import { messageOf, sessionOf } from '../fixtures/records.ts';
import { frozenTime } from '../support/frozen-time.ts';

const RUN = { triggerGraceMs: 0, deadline: Number.POSITIVE_INFINITY, clock: Date.now };
const DENIED: ModelFault = { kind: 'before', code: GrpcStatus.PERMISSION_DENIED };

const failing = (code: GrpcStatus): Error => Object.assign(new Error('failed'), { code });

describe('after a failure,', () => {
  let context: FirestoreContext;
  let faultOf: () => ModelFault;
  let time: ReturnType<typeof frozenTime>;
  let ann: Actor;
  beforeEach(() => {
    time = frozenTime();
    faultOf = () => ({ kind: 'pass' });
    const db = modelClient(new FirestoreModel(time.now), {
      ...RELIABLE_CONNECTION,
      fault: (method) => (method === 'commit' ? faultOf() : { kind: 'pass' }),
    });
    context = { db, limits: SMALL_LIMITS, deadlineMs: 30_000, now: time.now, random: () => 0 };
    ann = new Actor(new FirestoreStore(context), 'ann');
  });

  it('reconcileCounters() continues with the other messages, reports the failures, and retries them in the next run', async () => {
    const session_id = await ann.converse(2);
    await ann.end(session_id);
    const orphan = messageOf();
    await storeRecords(context, { messages: [orphan] });
    faultOf = () => DENIED;
    const { failure, ...found } = await reconcileCounters(context, RUN);
    assert.deepEqual(found, {
      messages_counted: 0,
      uncountable: 0,
      unreadable: 0,
      sessions_counted: 0,
      failed: 4,
      more: false,
    });
    assert.equal(Object(failure).code, GrpcStatus.PERMISSION_DENIED);
    faultOf = () => ({ kind: 'pass' });
    const { messages_counted, uncountable, sessions_counted, failed } = await reconcileCounters(context, RUN);
    assert.deepEqual([messages_counted, uncountable, sessions_counted, failed], [2, 1, 1, 0]);
  });

  it('reconcileCounters() counts a message once when the acknowledgement of a commit was lost', async () => {
    const session_id = await ann.converse(3);
    let commits = 0;
    faultOf = () => (++commits === 1 ? { kind: 'after', code: GrpcStatus.UNAVAILABLE } : { kind: 'pass' });
    await reconcileCounters(context, RUN);
    const { message_count } = await dayTotals(context, utcDay(toIsoTime(time.now())));
    assert.deepEqual([message_count, (await storedSession(context, session_id))?.message_count], [3, 3]);
  });

  it('reconcileCounters() removes the mark of a counted message next to a faulty one', async () => {
    const session = sessionOf();
    const marked = messageOf({ session_id: session.session_id });
    const messages = [{ ...marked, counted: messageCounters(marked) }, messageOf()];
    await storeRecords(context, { sessions: [session], messages });
    assert.equal((await reconcileCounters(context, RUN)).uncountable, 1);
    const left = await messagesCollection(context.db).doc(marked.message_id).get();
    assert.equal(left.get('uncounted'), undefined);
  });

  it('reconcileCounters() stops at its deadline when each commit misses its own', async () => {
    const sessions = [sessionOf()];
    const messages = Array.from({ length: 600 }, (_, index) =>
      messageOf({ session_id: sessions[0]?.session_id ?? '', seq: index + 1 }),
    );
    await storeRecords(context, { sessions, messages });
    let asked = 0;
    let commits = 0;
    faultOf = () => {
      commits += 1;
      return DENIED;
    };
    // The page, its first commit, and the first few that are then tried alone.
    const { more } = await reconcileCounters(context, { ...RUN, deadline: 3, clock: () => asked++ });
    assert.equal(more, true);
    assert.ok(commits > 1 && commits <= 1 + 20, `${commits} commits`);
  });

  /** A context whose bulk writes do as they are told, and what that asked about a write that failed. */
  const withBulkWrites = (outcome: (document: DocumentReference) => Promise<unknown>) => {
    let mayTryAgain: (error: Error & { failedAttempts: number }) => boolean = () => assert.fail('not asked');
    const writer = {
      onWriteError: (ask: typeof mayTryAgain) => {
        mayTryAgain = ask;
      },
      update: outcome,
      // Once all is answered.
      close: () => new Promise(() => {}),
    };
    const db: Firestore = Object.assign(Object.create(context.db), { bulkWriter: () => writer });
    const asked = (code: GrpcStatus, failedAttempts: number) =>
      mayTryAgain(Object.assign(failing(code), { failedAttempts }));
    return { context: { ...context, db }, asked };
  };

  it('expireSessions() reports the number and the cause of failures and leaves those sessions open', async () => {
    const { session_id } = await ann.create();
    await ann.create();
    time.advance(SMALL_LIMITS.idleTimeoutMs);
    const causes = [GrpcStatus.UNAVAILABLE, GrpcStatus.INTERNAL];
    const broken = withBulkWrites(async () => {
      throw failing(causes.shift() ?? GrpcStatus.UNKNOWN);
    });
    const { failure, ...swept } = await expireSessions(broken.context, RUN);
    assert.deepEqual(swept, { expired: 0, skipped: 0, failed: 2, more: false });
    assert.ok(failure instanceof SessionError);
    assert.deepEqual([failure.code, Object(failure.cause).code], ['unavailable', GrpcStatus.UNAVAILABLE]);
    assert.equal((await storedSession(context, session_id))?.status, 'active');
  });

  it('expireSessions() attempts a write five times, but only once after a changed session', async () => {
    await ann.create();
    time.advance(SMALL_LIMITS.idleTimeoutMs);
    const answers: boolean[] = [];
    const { context: watched, asked } = withBulkWrites(async () => {
      answers.push(
        ...[1, 4, 5].map((failed) => asked(GrpcStatus.UNAVAILABLE, failed)),
        asked(GrpcStatus.FAILED_PRECONDITION, 1),
        asked(GrpcStatus.NOT_FOUND, 1),
      );
    });
    await expireSessions(watched, RUN);
    assert.deepEqual(answers, [true, true, false, false, false]);
  });

  /** Stores as many sessions that are due. */
  const storeDue = async (count: number, expiry_shard = 0) => {
    const expires_at = toIsoTime(time.now());
    const sessions = Array.from({ length: count }, () => sessionOf({ expires_at, expiry_shard }));
    await storeRecords(context, { sessions });
    return new Set(sessions.map(({ session_id }) => session_id));
  };

  it('expireSessions() checks its deadline before each further write of a page', async () => {
    await storeDue(600);
    const { context: watched } = withBulkWrites(async () => {});
    let asked = 0;
    const swept = await expireSessions(watched, { deadline: 1, clock: () => asked++ });
    assert.deepEqual(swept, { expired: 500, skipped: 0, failed: 0, more: true });
  });

  it('expireSessions() skips and reports a shard in which every write fails', async () => {
    const denied = await storeDue(600);
    await storeDue(2, 1);
    const { context: partly } = withBulkWrites(async ({ id }) => {
      if (denied.has(id)) throw failing(GrpcStatus.PERMISSION_DENIED);
    });
    const { failure: _, ...swept } = await expireSessions(partly, RUN);
    assert.deepEqual(swept, { expired: 2, skipped: 0, failed: 500, more: true });
  });

  it('expireSessions() continues with a shard in which some writes succeed', async () => {
    const [first] = [...(await storeDue(600))].toSorted();
    const { context: partly } = withBulkWrites(async ({ id }) => {
      if (id !== first) throw failing(GrpcStatus.PERMISSION_DENIED);
    });
    const { failure: _, ...swept } = await expireSessions(partly, RUN);
    assert.deepEqual(swept, { expired: 1, skipped: 0, failed: 599, more: false });
  });

  it('expireSessions() waits 10 s for a write and does not count one that is acknowledged later', async () => {
    await storeDue(2);
    const late = Promise.withResolvers<void>();
    const outcomes = [Promise.resolve(), late.promise];
    const begun = Promise.withResolvers<void>();
    const { context: slow, asked } = withBulkWrites(() => {
      const outcome = outcomes.shift();
      if (outcomes.length === 0) setImmediate(begun.resolve);
      return outcome ?? assert.fail('written twice');
    });
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      let isDone = false;
      const sweeping = expireSessions({ ...slow, deadlineMs: 2000 }, RUN).finally(() => {
        isDone = true;
      });
      await begun.promise;
      mock.timers.tick(9_999);
      await setImmediately();
      assert.deepEqual([isDone, asked(GrpcStatus.UNAVAILABLE, 1)], [false, true]);
      mock.timers.tick(1);
      const { failure, ...swept } = await sweeping;
      late.resolve();
      await setImmediately();
      assert.deepEqual(swept, { expired: 1, skipped: 0, failed: 1, more: false });
      assert.ok(failure instanceof SessionError && failure.code === 'unavailable');
      assert.equal(asked(GrpcStatus.UNAVAILABLE, 1), false);
    } finally {
      mock.timers.reset();
    }
  });

  it('countMessage() removes a leftover mark and counts a remaining message without one', async () => {
    const session = sessionOf();
    const { uncounted: _mark, ...unmarked } = messageOf({
      session_id: session.session_id,
      feedback: 'positive',
    });
    const marked = { ...messageOf({ session_id: session.session_id }) };
    const messages = [unmarked, { ...marked, counted: messageCounters(marked) }];
    await storeRecords(context, { sessions: [session], messages });
    for (const { message, updateTime } of await creationsOf(context))
      assert.equal(await countMessage(context, message, updateTime), 'counted');
    const counted = await storedSession(context, session.session_id);
    assert.deepEqual([counted?.message_count, counted?.feedback_positive], [1, 1]);
    assert.deepEqual(
      (await creationsOf(context)).map(({ message }) => message.uncounted),
      [undefined, undefined],
    );
  });

  it('feedback() on a message of a deleted session fails with not-found', async () => {
    const session_id = await ann.converse(1);
    const [message] = (await ann.history(session_id)).messages;
    await sessionsCollection(context.db).doc(session_id).delete();
    await assertNotFound(ann.feedback(session_id, message?.message_id ?? '', 'positive'));
  });
});
