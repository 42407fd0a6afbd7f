import type { Message, Session } from 'kb-sessions-contract/records';
import { toIsoTime, utcDay } from '../clock.ts';
import { recordCost } from '../operation-cost.ts';
import { type OperationOutcome, planBatch } from '../plan/plan-batch.ts';
import type { Planner } from '../plan/types.ts';
import { classifyError } from './classify-error.ts';
import { changedFields, encodeRecord, toIncrements } from './codec.ts';
import type { FirestoreContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import { dayShardDocument, messagesCollection, sessionsCollection } from './documents.ts';
import { ReadSet } from './read-set.ts';
import { createRetrier } from './retry.ts';

type Settled<Result> = { outcomes: OperationOutcome<Result>[]; sessions: Session[] };

/**
 * Reads, plans and commits until the commit meets what was read: documents are created only where there are none and
 * sessions changed only if nobody else did meanwhile. A commit with an unclear outcome is planned again from a fresh
 * read; as its ids are the same, it can be applied once at most, by whichever of the tries that lands.
 *
 * Not an SDK transaction: after one contention that waits for a second and more before it tries again
 * (googleapis/nodejs-firestore, dev/src/backoff.ts), a lost race here costs two round trips.
 *
 * @param begin reads what the planners need at first
 * Beside the outcomes it gives the sessions that it has read, as they are now.
 *
 * @throws SessionError `aborted` or `unavailable`, see {@link createRetrier}
 */
export const compareAndSet = async <Result>(
  context: FirestoreContext,
  planners: Planner<Result>[],
  begin: (reading: ReadSet) => Promise<void>,
): Promise<Settled<Result>> => {
  const reading = new ReadSet(context);
  await begin(reading);
  const tryAgain = createRetrier(context);
  for (let plans = 1; ; plans += 1) {
    if (plans > MAX_PLANS) throw new Error(`plans were to settle, found none after ${MAX_PLANS}`);
    const bundle = planBatch(reading, planners, reading.planContext());
    if (bundle.kind === 'load') {
      await reading.load(bundle);
      continue;
    }
    if (bundle.kind === 'look') {
      await reading.loadMessages(bundle.message_ids);
      continue;
    }
    const settled = { outcomes: bundle.outcomes, sessions: [...reading.knownSessions(), ...bundle.sessions] };
    if (bundle.sessions.length + bundle.messages.length === 0) return settled;
    try {
      await commit(context, reading, bundle);
      return settled;
    } catch (error) {
      if (classifyError(error) === 'exists') {
        const created = bundle.sessions.filter(({ session_id }) => !reading.session(session_id));
        if (await reading.loadConflicts(created, bundle.messages)) continue;
      }
      await tryAgain(error);
      plans = 0;
      reading.reset();
      await begin(reading);
    }
  }
};

/** Far more than the links and repeated ids of a bundle can lead to: what goes on longer is inconsistent data. */
const MAX_PLANS = 100;

type Writes = { sessions: Session[]; messages: Message[]; escalations: number };

/** One RPC. Creations come first, so that a taken id is told from a lost race. */
const commit = async (
  context: FirestoreContext,
  reading: ReadSet,
  { sessions, messages, escalations }: Writes,
): Promise<void> => {
  const { db, limits, random } = context;
  const batch = db.batch();
  for (const message of messages)
    batch.create(messagesCollection(db).doc(message.message_id), encodeRecord(message));
  for (const session of sessions) {
    if (!reading.session(session.session_id))
      batch.create(sessionsCollection(db).doc(session.session_id), encodeRecord(session));
  }
  for (const session of sessions) {
    const before = reading.session(session.session_id);
    const lastUpdateTime = reading.updateTime(session.session_id);
    if (!before || !lastUpdateTime) continue;
    batch.update(sessionsCollection(db).doc(session.session_id), changedFields(before, session), {
      lastUpdateTime,
    });
  }
  if (escalations > 0) {
    const today = utcDay(toIsoTime(reading.now));
    batch.set(dayShardDocument(db, today, random(limits.analyticsShards)), toIncrements({ escalations }), {
      merge: true,
    });
  }
  const results = await withDeadline(context, batch.commit());
  recordCost(0, results.length);
};
