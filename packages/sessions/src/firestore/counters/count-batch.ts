import {
  type DocumentData,
  type DocumentSnapshot,
  FieldValue,
  type QueryDocumentSnapshot,
  Timestamp,
} from 'firebase-admin/firestore';
import { toIsoTime, utcDay } from '../../clock.ts';
import { recordCost } from '../../operation-cost.ts';
import { toIncrements } from '../codec.ts';
import type { FirestoreContext } from '../context.ts';
import { withDeadline } from '../deadline.ts';
import { dayShardDocument, sessionsCollection } from '../documents.ts';

/** Counters by name. */
export type Counters = Record<string, number>;

/** What to add to the counters of a day (`yyyy-mm-dd`). */
export type DayCounters = { day: string; counters: Counters };

/** A document to count: its fields once it is counted, and what it adds to a session and to a day. */
export type PendingCount = {
  document: QueryDocumentSnapshot;
  fields: DocumentData;
  session: { session_id: string; counters: Counters } | null;
  day: DayCounters | null;
};

/**
 * Counts documents in one commit, all or none. The commit is conditional on each document as it was read. One commit serves
 * the documents of a day together, because they share its counters and separate commits would wait for each other.
 *
 * Cost: one write per document, per session and per day; one round trip.
 */
export const countBatch = async (
  context: FirestoreContext,
  counts: readonly PendingCount[],
): Promise<void> => {
  const { db, limits, random } = context;
  const batch = db.batch();
  const sessions = new Map<string, Counters>();
  const days = new Map<string, Counters>();
  for (const { document, fields, session, day } of counts) {
    const counted = { ...fields, uncounted: FieldValue.delete() };
    batch.update(document.ref, counted, { lastUpdateTime: document.updateTime });
    if (session) addCounters(sessions, session.session_id, session.counters);
    if (day) addCounters(days, day.day, day.counters);
  }
  for (const [session_id, counters] of sessions)
    batch.update(sessionsCollection(db).doc(session_id), toIncrements(counters));
  for (const [day, counters] of days) {
    const shard = dayShardDocument(db, day, random(limits.analyticsShards));
    batch.set(shard, toIncrements(counters), { merge: true });
  }
  const results = await withDeadline(context, batch.commit());
  recordCost(0, results.length);
};

/** Adds counters to the sum that `sums` has for a key. */
export const addCounters = (sums: Map<string, Counters>, key: string, counters: Counters): void => {
  const sum = sums.get(key) ?? {};
  const added = Object.entries(counters).map(([counter, by]) => [counter, (sum[counter] ?? 0) + by]);
  sums.set(key, { ...sum, ...Object.fromEntries(added) });
};

/**
 * What a session that is over adds to the day on which it ended. `unreadable`: the document lacks the fields of a session.
 * `uncountable`: it ended without a message, so the counters do not hold its creation either.
 */
export const endCounters = (document: DocumentSnapshot): DayCounters | 'unreadable' | 'uncountable' => {
  const ended_at: unknown = document.get('ended_at');
  const end_reason: unknown = document.get('end_reason');
  if (!(ended_at instanceof Timestamp) || typeof end_reason !== 'string') return 'unreadable';
  if (document.get('message_seq') === 0) return 'uncountable';
  return { day: utcDay(toIsoTime(ended_at.toMillis())), counters: { [`sessions_over_${end_reason}`]: 1 } };
};
