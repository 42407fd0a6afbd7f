import { type DocumentData, FieldValue, GrpcStatus, type Timestamp } from 'firebase-admin/firestore';
import type { Message, MessageCounters } from 'kb-sessions-contract/records';
import { utcDay } from '../../clock.ts';
import { dayCounters, messageCounters, sessionCounters, uncountedDelta } from '../../counters.ts';
import { recordCost } from '../../operation-cost.ts';
import { grpcCode } from '../classify-error.ts';
import { decodeMessage, toIncrements } from '../codec.ts';
import type { FirestoreContext } from '../context.ts';
import { withDeadline } from '../deadline.ts';
import { dayShardDocument, messagesCollection, sessionsCollection } from '../documents.ts';
import { createRetrier } from '../retry.ts';

/** The fields of a message that counting needs: not the content, which may have 32 KB. */
export const COUNTED_FIELDS = [
  ...['session_id', 'seq', 'role', 'created_at'],
  ...['metadata', 'feedback', 'replayed', 'counted', 'uncounted'],
];

/**
 * Marks a message as counted and adds `delta` to its session and its day, in one commit. The commit is conditional on the
 * message as it was at `updateTime`, so it takes effect at most once. It is not conditional on the session, so that
 * parallel counts of one session do not race each other.
 *
 * Cost: 3 writes, or 1 without a delta; one round trip.
 *
 * @param fields more fields of the message to store in the same commit
 */
export const commitCount = async (
  context: FirestoreContext,
  message: Message,
  updateTime: Timestamp,
  delta: MessageCounters | null,
  fields: DocumentData = {},
): Promise<void> => {
  const { db, limits, random } = context;
  const batch = db.batch();
  batch.update(
    messagesCollection(db).doc(message.message_id),
    { ...fields, counted: messageCounters(message), uncounted: FieldValue.delete() },
    { lastUpdateTime: updateTime },
  );
  if (delta) {
    const shard = dayShardDocument(db, utcDay(message.created_at), random(limits.analyticsShards));
    batch.update(sessionsCollection(db).doc(message.session_id), toIncrements(sessionCounters(delta)));
    batch.set(shard, toIncrements(dayCounters(delta)), { merge: true });
  }
  const results = await withDeadline(context, batch.commit());
  recordCost(0, results.length);
};

/** `counted`: by this call. `already`: nothing was left to count. `gone`: the message or its session does not exist. */
type CountOutcome = 'counted' | 'already' | 'gone';

/**
 * Adds the delta of a message to the counters of its session and its day. It may be called repeatedly, late and in any
 * order: each contribution is added once.
 *
 * Cost: 0 / 3 / 1; if the message has changed since `updateTime`, 1 read and one round trip more.
 *
 * @param message the message as it was at `updateTime`
 * @throws SessionError `aborted` or `unavailable`; other errors of Firestore as they are
 * @example
 * ```ts
 * import type { QueryDocumentSnapshot } from 'firebase-admin/firestore';
 * import { countMessage, decodeMessage, type FirestoreContext } from 'kb-sessions/firestore';
 *
 * export const onMessageCreated = (context: FirestoreContext, document: QueryDocumentSnapshot) =>
 *   countMessage(context, decodeMessage(document.data()), document.updateTime);
 * ```
 */
export const countMessage = async (
  context: FirestoreContext,
  message: Message,
  updateTime: Timestamp,
): Promise<CountOutcome> => {
  let current = { message, updateTime };
  const retry = createRetrier(context);
  while (true) {
    const delta = uncountedDelta(current.message);
    if (delta === null && current.message.uncounted === undefined) return 'already';
    try {
      await commitCount(context, current.message, current.updateTime, delta);
      return 'counted';
    } catch (error) {
      if (grpcCode(error) === GrpcStatus.NOT_FOUND) return 'gone';
      await retry(error);
    }
    const snapshot = await withDeadline(
      context,
      messagesCollection(context.db).doc(message.message_id).get(),
    );
    recordCost(1, 0);
    const data = snapshot.data();
    if (!data || !snapshot.updateTime) return 'gone';
    current = { message: decodeMessage(data), updateTime: snapshot.updateTime };
  }
};
