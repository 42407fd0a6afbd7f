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

/** More plans than the links and the repeated ids of a batch can need. A batch that needs more has inconsistent data. */
const MAX_PLANS = 100;

/** The outcomes of a batch, and the sessions that it read or wrote, as they are now. */
type BatchResult<Result> = { outcomes: OperationOutcome<Result>[]; sessions: Session[] };

/**
 * Reads, plans and commits until a commit finds its read set unchanged: it creates a document only if there is none, and
 * updates a session only if no other writer has changed it since the read. After a commit with an unknown outcome it reads
 * and plans again. The ids stay the same, so only one of the attempts can take effect.
 *
 * It is not a transaction of the SDK: after one conflict a transaction waits a second or more before it tries again
 * (googleapis/nodejs-firestore, dev/src/backoff.ts). Here a conflict costs two round trips.
 *
 * Cost: the reads of `begin` and of the plans, one write per document, one round trip for the commit; each conflict
 * repeats them.
 *
 * @param planners the operations of the batch
 * @param begin reads what the planners need first
 * @throws SessionError `aborted` or `unavailable`, see {@link createRetrier}
 */
export const compareAndSet = async <Result>(
  context: FirestoreContext,
  planners: Planner<Result>[],
  begin: (readSet: ReadSet) => Promise<void>,
): Promise<BatchResult<Result>> => {
  const readSet = new ReadSet(context);
  await begin(readSet);
  const retry = createRetrier(context);
  for (let plans = 1; ; plans += 1) {
    if (plans > MAX_PLANS) throw new Error(`expected a complete plan within ${MAX_PLANS} plans, found none`);
    const plan = planBatch(readSet, planners, readSet.planContext());
    if (plan.kind === 'load') {
      await readSet.load(plan);
      continue;
    }
    if (plan.kind === 'load-messages') {
      await readSet.loadMessages(plan.message_ids);
      continue;
    }
    const result = {
      outcomes: plan.outcomes,
      sessions: [...readSet.existingSessions(), ...plan.sessions],
    };
    if (plan.sessions.length + plan.messages.length === 0) return result;
    try {
      await commit(context, readSet, plan);
      return result;
    } catch (error) {
      if (classifyError(error) === 'exists') {
        const created = plan.sessions.filter(({ session_id }) => !readSet.session(session_id));
        if (await readSet.loadConflicts(created, plan.messages)) continue;
      }
      await retry(error);
      plans = 0;
      readSet.reset();
      await begin(readSet);
    }
  }
};

type Writes = { sessions: Session[]; messages: Message[]; escalations: number };

/** Commits the writes of a plan in one RPC. Creations come first, so a taken id is reported as such and not as a conflict. */
const commit = async (
  context: FirestoreContext,
  readSet: ReadSet,
  { sessions, messages, escalations }: Writes,
): Promise<void> => {
  const { db, limits, random } = context;
  const batch = db.batch();
  for (const message of messages)
    batch.create(messagesCollection(db).doc(message.message_id), encodeRecord(message));
  for (const session of sessions) {
    if (!readSet.session(session.session_id))
      batch.create(sessionsCollection(db).doc(session.session_id), encodeRecord(session));
  }
  for (const session of sessions) {
    const before = readSet.session(session.session_id);
    const lastUpdateTime = readSet.updateTime(session.session_id);
    if (!before || !lastUpdateTime) continue;
    batch.update(sessionsCollection(db).doc(session.session_id), changedFields(before, session), {
      lastUpdateTime,
    });
  }
  if (escalations > 0) {
    const shard = dayShardDocument(db, utcDay(toIsoTime(readSet.now)), random(limits.analyticsShards));
    batch.set(shard, toIncrements({ escalations }), { merge: true });
  }
  const results = await withDeadline(context, batch.commit());
  recordCost(0, results.length);
};
