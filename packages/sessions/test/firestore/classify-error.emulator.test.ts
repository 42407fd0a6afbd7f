import assert from 'node:assert/strict';
import { GrpcStatus, type WriteResult } from 'firebase-admin/firestore';
import { FirestoreStore } from '../../src/firestore/index.ts';
import { SessionError } from '../../src/index.ts';
import { Actor, newMessage } from '../../src/testing/actor.ts';
import { assertFails, failureOf } from '../../src/testing/assert-fails.ts';
import { creationsOf, dayTotals, storedSession } from '../fixtures/documents.ts';
import { withCommits } from '../fixtures/override-methods.ts';
import { type FirestoreHarness, frozenFirestoreHarness } from '../support/firestore-harness.ts';

const failing = (code: GrpcStatus) => Object.assign(new Error(`failed with ${GrpcStatus[code]}`), { code });

/** One try of a commit: what the caller of Firestore is told, and whether it was applied all the same. */
type Try = { applied: boolean; error: GrpcStatus | null };

const FINE: Try = { applied: true, error: null };
const DAY = '2026-03-01';

describe('when commits fail,', () => {
  let harness: FirestoreHarness;
  /** Has no failures. */
  let actor: Actor;
  /** How often {@link failingActor} tried to commit. */
  let tries: number;
  beforeEach(() => {
    harness = frozenFirestoreHarness();
    actor = new Actor(harness.store, 'owner');
    tries = 0;
  });
  afterEach(() => harness.close());

  /** The same user on a store whose commits go as `plan` has it, and well after that. */
  const failingActor = (...plan: Try[]): Actor => {
    const db = withCommits(harness.context.db, async (commit): Promise<WriteResult[]> => {
      const { applied, error } = plan[tries] ?? FINE;
      tries += 1;
      const results = applied ? await commit() : [];
      if (error !== null) throw failing(error);
      return results;
    });
    return new Actor(new FirestoreStore({ ...harness.context, db }), 'owner');
  };

  const UNCLEAR = [
    GrpcStatus.UNAVAILABLE,
    GrpcStatus.DEADLINE_EXCEEDED,
    GrpcStatus.INTERNAL,
    GrpcStatus.UNKNOWN,
    GrpcStatus.CANCELLED,
    GrpcStatus.RESOURCE_EXHAUSTED,
  ];
  const once = UNCLEAR.flatMap((error) => [true, false].map((applied): Try => ({ applied, error })));
  for (const first of once) {
    const how = `${GrpcStatus[first.error ?? 0]} of ${first.applied ? 'an applied' : 'a failed'} commit`;

    it(`create() creates a session once after ${how}`, async () => {
      const { session_id, expires_at } = await failingActor(first).create();
      assert.equal((await storedSession(harness.context, session_id))?.expires_at, expires_at);
    });

    it(`append() stores messages once after ${how}`, async () => {
      const { session_id } = await actor.create();
      const messages = [newMessage(), newMessage({ metadata: { escalated: true } })];
      const appended = await failingActor(first).append(session_id, messages);
      assert.deepEqual(
        appended.messages.map(({ seq }) => seq),
        [1, 2],
      );
      const stored = (await creationsOf(harness.context)).map(({ message }) => message.message_id);
      assert.deepEqual(
        stored,
        messages.map(({ message_id }) => message_id),
      );
      await harness.settle();
      const session = await storedSession(harness.context, session_id);
      assert.deepEqual([session?.message_seq, session?.message_count, session?.escalations], [2, 2, 1]);
      const { message_count, escalations } = await dayTotals(harness.context, DAY);
      assert.deepEqual([message_count, escalations], [2, 1]);
    });

    it(`end() ends a session once after ${how}`, async () => {
      const session_id = await actor.converse(1);
      assert.equal((await failingActor(first).end(session_id)).status, 'ended');
      await harness.settle();
      assert.equal((await storedSession(harness.context, session_id))?.end_reason, 'user');
      assert.equal((await dayTotals(harness.context, DAY)).sessions_over_user, 1);
    });

    it(`escalate() escalates a session once after ${how}`, async () => {
      const { session_id } = await actor.create();
      assert.equal((await failingActor(first).escalate(session_id)).status, 'escalated');
      assert.equal((await storedSession(harness.context, session_id))?.escalations, 1);
      assert.deepEqual(await dayTotals(harness.context, DAY), { escalations: 1 });
    });

    it(`feedback() counts a rating once after ${how}`, async () => {
      const session_id = await actor.converse(1);
      const [creation] = await creationsOf(harness.context);
      assert.ok(creation);
      await failingActor(first).feedback(session_id, creation.message.message_id, 'positive');
      const session = await storedSession(harness.context, session_id);
      assert.deepEqual([session?.feedback_positive, session?.message_count], [1, 1]);
      const { feedback_positive, message_count } = await dayTotals(harness.context, DAY);
      assert.deepEqual([feedback_positive, message_count], [1, 1]);
    });
  }

  /** Each operation that writes, on a session with one message. */
  const operations: [string, (own: Actor, session_id: string, message_id: string) => Promise<unknown>][] = [
    ['create', (own) => own.create()],
    ['append', (own, session_id) => own.append(session_id, [newMessage()])],
    ['end', (own, session_id) => own.end(session_id)],
    ['escalate', (own, session_id) => own.escalate(session_id)],
    ['feedback', (own, session_id, message_id) => own.feedback(session_id, message_id, 'positive')],
  ];
  for (const [name, operate] of operations) {
    const operation = async (own: Actor) => {
      const session_id = await actor.converse(1);
      const [message] = (await actor.history(session_id)).messages;
      return operate(own, session_id, message?.message_id ?? '');
    };

    it(`${name}() reports unavailable after two unclear outcomes`, async () => {
      const unclear: Try = { applied: false, error: GrpcStatus.UNAVAILABLE };
      const error = await failureOf(operation(failingActor(unclear, unclear)));
      assert.deepEqual([error.code, error.details], ['unavailable', {}]);
      assert.match(String(error.cause), /UNAVAILABLE/);
      assert.equal(tries, 2);
    });

    it(`${name}() passes a refusal on unchanged, without a retry`, async () => {
      for (const error of [GrpcStatus.PERMISSION_DENIED, GrpcStatus.INVALID_ARGUMENT]) {
        tries = 0;
        const refused = operation(failingActor({ applied: false, error }));
        await assert.rejects(refused, (found) => !(found instanceof SessionError) && 'code' in Object(found));
        assert.equal(tries, 1);
      }
    });

    it(`${name}() reports aborted when it loses every race`, async () => {
      const lost: Try[] = Array(100).fill({ applied: false, error: GrpcStatus.FAILED_PRECONDITION });
      await assertFails(operation(failingActor(...lost)), 'aborted');
      assert.ok(tries > 1 && tries < 70, `${tries} tries`);
    });

    it(`${name}() succeeds after lost races`, async () => {
      const lost = [GrpcStatus.FAILED_PRECONDITION, GrpcStatus.ABORTED, GrpcStatus.FAILED_PRECONDITION];
      await operation(failingActor(...lost.map((error) => ({ applied: false, error }))));
      assert.equal(tries, 4);
    });
  }

  it('append() repeats its first answer for a retry after unavailability', async () => {
    const { session_id } = await actor.create();
    const message = newMessage();
    const unclear: Try = { applied: true, error: GrpcStatus.UNAVAILABLE };
    const stillUnclear: Try = { applied: false, error: GrpcStatus.UNAVAILABLE };
    await assertFails(failingActor(stillUnclear, unclear).append(session_id, [message]), 'unavailable');
    assert.equal((await actor.append(session_id, [message])).messages[0]?.seq, 1);
    assert.equal((await creationsOf(harness.context)).length, 1);
  });

  it('append() stores and counts once when its first commit lands after its second', async () => {
    const { session_id } = await actor.create();
    let late: (() => Promise<WriteResult[]>) | undefined;
    const db = withCommits(harness.context.db, async (commit) => {
      if (late) return commit();
      late = commit;
      throw failing(GrpcStatus.DEADLINE_EXCEEDED);
    });
    const own = new Actor(new FirestoreStore({ ...harness.context, db }), 'owner');
    const escalating = newMessage({ metadata: { escalated: true } });
    assert.equal((await own.append(session_id, [escalating])).messages[0]?.seq, 1);
    await assert.rejects(late ?? assert.fail('committed nothing'), { code: GrpcStatus.ALREADY_EXISTS });
    assert.equal((await storedSession(harness.context, session_id))?.message_seq, 1);
    assert.deepEqual(await dayTotals(harness.context, DAY), { escalations: 1 });
  });

  it('append() refuses an invalid batch without failing the other batches of its queue', async () => {
    const { session_id } = await actor.create();
    const own = failingActor({ applied: false, error: GrpcStatus.PERMISSION_DENIED });
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => own.append(session_id, [newMessage()])));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'fulfilled', 'fulfilled'],
    );
  });
});
