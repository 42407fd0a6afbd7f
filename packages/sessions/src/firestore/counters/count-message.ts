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

/** What of a message its counting looks at: not the content, which may be 32 KB. */
export const COUNTED_FIELDS = [
  ...['session_id', 'seq', 'role', 'created_at'],
  ...['metadata', 'feedback', 'replayed', 'counted', 'uncounted'],
];

/**
 * Stores what of a message is counted and adds `part` to its session and its day: one batch that can succeed only
 * once, because it is conditional on the message being as it was at `updateTime`. Three writes, one round trip.
 * Not conditional on the session, so that parallel counts of one session do not race each other.
 */
export const commitCount = async (
  context: FirestoreContext,
  message: Message,
  updateTime: Timestamp,
  part: MessageCounters | null,
  fields: DocumentData = {},
): Promise<void> => {
  const { db, limits, random } = context;
  const batch = db.batch();
  batch.update(
    messagesCollection(db).doc(message.message_id),
    { ...fields, counted: messageCounters(message), uncounted: FieldValue.delete() },
    { lastUpdateTime: updateTime },
  );
  if (part) {
    const shard = dayShardDocument(db, utcDay(message.created_at), random(limits.analyticsShards));
    batch.update(sessionsCollection(db).doc(message.session_id), toIncrements(sessionCounters(part)));
    batch.set(shard, toIncrements(dayCounters(part)), { merge: true });
  }
  const results = await withDeadline(context, batch.commit());
  recordCost(0, results.length);
};

/** `counted`: by this call. `already`: nothing was left to count. `gone`: the message or its session is. */
type Counting = 'counted' | 'already' | 'gone';

/**
 * Brings the totals up to what a message adds to them, however often, late or in whatever order it is called.
 * 0 reads and 3 writes in one round trip; 1 read and a round trip more when the message has changed since `updateTime`.
 */
export const countMessage = async (
  context: FirestoreContext,
  message: Message,
  updateTime: Timestamp,
): Promise<Counting> => {
  let known = { message, updateTime };
  const tryAgain = createRetrier(context);
  while (true) {
    const part = uncountedDelta(known.message);
    if (part === null && known.message.uncounted === undefined) return 'already';
    try {
      await commitCount(context, known.message, known.updateTime, part);
      return 'counted';
    } catch (error) {
      if (grpcCode(error) === GrpcStatus.NOT_FOUND) return 'gone';
      await tryAgain(error);
    }
    const snapshot = await withDeadline(
      context,
      messagesCollection(context.db).doc(message.message_id).get(),
    );
    recordCost(1, 0);
    const data = snapshot.data();
    if (!data || !snapshot.updateTime) return 'gone';
    known = { message: decodeMessage(data), updateTime: snapshot.updateTime };
  }
};
