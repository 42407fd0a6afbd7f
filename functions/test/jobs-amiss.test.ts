import assert from 'node:assert/strict';
import { type Firestore, GrpcStatus } from 'firebase-admin/firestore';
import { FirestoreModel, type ModelFault, UNDISTURBED } from 'kb-sessions-testing';
import { dayOf, isoOf } from '../src/session/clock.ts';
import { contribution } from '../src/session/counters.ts';
import { messagesOf, sessionsOf } from '../src/session/firestore/documents.ts';
import {
  countMessage,
  expireSessions,
  type FirestoreSetup,
  FirestoreStore,
  reconcileCounters,
  SessionError,
} from '../src/session/index.ts';
import { creationsOf, dayTotals, storedSession, store as storeRecords } from './fixtures/documents.ts';
import { messageOf, sessionOf } from './fixtures/records.ts';
import { modelClient } from './simulation/model-client.ts';
import { Actor } from './support/actor.ts';
import { assertNotFound } from './support/assert-fails.ts';
import { frozenTime } from './support/frozen-time.ts';
import { SMALL_LIMITS } from './support/limits.ts';

const RUN = { youngMs: 0, deadline: Number.POSITIVE_INFINITY, clock: Date.now };
const DENIED: ModelFault = { kind: 'before', code: GrpcStatus.PERMISSION_DENIED };

const failing = (code: GrpcStatus): Error => Object.assign(new Error('failed'), { code });

describe('what counts and sweeps, where something is amiss', () => {
  let setup: FirestoreSetup;
  let faultOf: () => ModelFault;
  let time: ReturnType<typeof frozenTime>;
  let ann: Actor;
  beforeEach(() => {
    time = frozenTime();
    faultOf = () => ({ kind: 'pass' });
    const db = modelClient(new FirestoreModel(time.now), {
      ...UNDISTURBED,
      fault: (method) => (method === 'commit' ? faultOf() : { kind: 'pass' }),
    });
    setup = { db, limits: SMALL_LIMITS, deadlineMs: 30_000, now: time.now, random: () => 0 };
    ann = new Actor(new FirestoreStore(setup), 'ann');
  });

  it('reconcileCounters() goes on with the rest, says how many and why, and the next run finds them', async () => {
    const session_id = await ann.converse(2);
    await ann.end(session_id);
    const orphan = messageOf();
    await storeRecords(setup, { messages: [orphan] });
    faultOf = () => DENIED;
    const { failure, ...found } = await reconcileCounters(setup, RUN);
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
    const { messages_counted, uncountable, sessions_counted, failed } = await reconcileCounters(setup, RUN);
    assert.deepEqual([messages_counted, uncountable, sessions_counted, failed], [2, 1, 1, 0]);
  });

  it('reconcileCounters() counts once what a commit has counted whose answer was lost', async () => {
    const session_id = await ann.converse(3);
    let commits = 0;
    faultOf = () => (++commits === 1 ? { kind: 'after', code: GrpcStatus.UNAVAILABLE } : { kind: 'pass' });
    await reconcileCounters(setup, RUN);
    const { message_count } = await dayTotals(setup, dayOf(isoOf(time.now())));
    assert.deepEqual([message_count, (await storedSession(setup, session_id))?.message_count], [3, 3]);
  });

  it('reconcileCounters() takes the mark off a message that is counted, beside one that is amiss', async () => {
    const session = sessionOf();
    const marked = messageOf({ session_id: session.session_id });
    const messages = [{ ...marked, counted: contribution(marked) }, messageOf()];
    await storeRecords(setup, { sessions: [session], messages });
    assert.equal((await reconcileCounters(setup, RUN)).uncountable, 1);
    const left = await messagesOf(setup.db).doc(marked.message_id).get();
    assert.equal(left.get('uncounted'), undefined);
  });

  it('reconcileCounters() does not go on past its deadline where each commit takes its own', async () => {
    const sessions = [sessionOf()];
    const messages = Array.from({ length: 600 }, (_, index) =>
      messageOf({ session_id: sessions[0]?.session_id ?? '', seq: index + 1 }),
    );
    await storeRecords(setup, { sessions, messages });
    let asked = 0;
    let commits = 0;
    faultOf = () => {
      commits += 1;
      return DENIED;
    };
    // The page, its first commit, and the first few that are then tried alone.
    const { more } = await reconcileCounters(setup, { ...RUN, deadline: 3, clock: () => asked++ });
    assert.equal(more, true);
    assert.ok(commits > 1 && commits <= 1 + 20, `${commits} commits`);
  });

  /** A setup whose bulk writes do as they are told, and what that asked about a write that failed. */
  const withBulkWrites = (outcome: () => Promise<unknown>) => {
    let mayTryAgain: (error: Error & { failedAttempts: number }) => boolean = () => assert.fail('not asked');
    const writer = {
      onWriteError: (ask: typeof mayTryAgain) => {
        mayTryAgain = ask;
      },
      update: outcome,
      close: async () => {},
    };
    const db: Firestore = Object.assign(Object.create(setup.db), { bulkWriter: () => writer });
    const asked = (code: GrpcStatus, failedAttempts: number) =>
      mayTryAgain(Object.assign(failing(code), { failedAttempts }));
    return { setup: { ...setup, db }, asked };
  };

  it('expireSessions() says how many and why, in the words of the store, and leaves them open', async () => {
    const { session_id } = await ann.create();
    await ann.create();
    time.advance(SMALL_LIMITS.idleTimeoutMs);
    const causes = [GrpcStatus.UNAVAILABLE, GrpcStatus.INTERNAL];
    const broken = withBulkWrites(async () => {
      throw failing(causes.shift() ?? GrpcStatus.UNKNOWN);
    });
    const { failure, ...swept } = await expireSessions(broken.setup, RUN);
    assert.deepEqual(swept, { expired: 0, skipped: 0, failed: 2, more: false });
    assert.ok(failure instanceof SessionError);
    assert.deepEqual([failure.code, Object(failure.cause).code], ['unavailable', GrpcStatus.UNAVAILABLE]);
    assert.equal((await storedSession(setup, session_id))?.status, 'active');
  });

  it('expireSessions() tries a write five times, and once where the session had changed', async () => {
    await ann.create();
    time.advance(SMALL_LIMITS.idleTimeoutMs);
    const { setup: watched, asked } = withBulkWrites(async () => {});
    await expireSessions(watched, RUN);
    assert.deepEqual(
      [1, 4, 5].map((failed) => asked(GrpcStatus.UNAVAILABLE, failed)),
      [true, true, false],
    );
    assert.equal(asked(GrpcStatus.FAILED_PRECONDITION, 1), false);
    assert.equal(asked(GrpcStatus.NOT_FOUND, 1), false);
  });

  it('countMessage() takes a mark off that was left on, and counts what is left without one', async () => {
    const session = sessionOf();
    const { uncounted: _mark, ...unmarked } = messageOf({
      session_id: session.session_id,
      feedback: 'positive',
    });
    const marked = { ...messageOf({ session_id: session.session_id }) };
    const messages = [unmarked, { ...marked, counted: contribution(marked) }];
    await storeRecords(setup, { sessions: [session], messages });
    for (const { message, updateTime } of await creationsOf(setup))
      assert.equal(await countMessage(setup, message, updateTime), 'counted');
    const counted = await storedSession(setup, session.session_id);
    assert.deepEqual([counted?.message_count, counted?.feedback_positive], [1, 1]);
    assert.deepEqual(
      (await creationsOf(setup)).map(({ message }) => message.uncounted),
      [undefined, undefined],
    );
  });

  it('feedback() on a message whose session is gone finds nothing', async () => {
    const session_id = await ann.converse(1);
    const [message] = (await ann.history(session_id)).messages;
    await sessionsOf(setup.db).doc(session_id).delete();
    await assertNotFound(ann.feedback(session_id, message?.message_id ?? '', 'positive'));
  });
});
