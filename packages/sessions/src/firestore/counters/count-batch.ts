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

/** A document that is to be counted: what it is to hold then, and what it adds to a session and to a day. */
export type PendingCount = {
  document: QueryDocumentSnapshot;
  fields: DocumentData;
  session: { session_id: string; counters: Counters } | null;
  day: DayCounters | null;
};

/**
 * Counts many documents in one commit, all or none, on the condition that each is as it was read. The counters of a day
 * are the same for all of them: one by one they would wait for each other. 1 write per document, session and day.
 */
export const countBatch = async (context: FirestoreContext, dues: readonly PendingCount[]): Promise<void> => {
  const { db, limits, random } = context;
  const batch = db.batch();
  const sessions = new Map<string, Counters>();
  const days = new Map<string, Counters>();
  for (const { document, fields, session, day } of dues) {
    const counted = { ...fields, uncounted: FieldValue.delete() };
    batch.update(document.ref, counted, { lastUpdateTime: document.updateTime });
    if (session) addCounters(sessions, session.session_id, session.counters);
    if (day) addCounters(days, day.day, day.counters);
  }
  for (const [session_id, counters] of sessions)
    batch.update(sessionsCollection(db).doc(session_id), toIncrements(counters));
  for (const [day, counters] of days)
    batch.set(dayShardDocument(db, day, random(limits.analyticsShards)), toIncrements(counters), {
      merge: true,
    });
  const results = await withDeadline(context, batch.commit());
  recordCost(0, results.length);
};

export type Counters = Record<string, number>;

/** Adds counters to those that `sums` has under a key. */
export const addCounters = (sums: Map<string, Counters>, key: string, counters: Counters): void => {
  const sum = sums.get(key) ?? {};
  const raised = Object.entries(counters).map(([counter, by]) => [counter, (sum[counter] ?? 0) + by]);
  sums.set(key, { ...sum, ...Object.fromEntries(raised) });
};

/** What counters of a day (`yyyy-mm-dd`) are to be raised by. */
export type DayCounters = { day: string; counters: Record<string, number> };

/**
 * What a session that is over adds to the day it ended on. `unreadable`: it is not of our form. `uncountable`: it ended
 * without a message, so it was not counted as created either.
 */
export const endCounters = (document: DocumentSnapshot): DayCounters | 'unreadable' | 'uncountable' => {
  const ended_at: unknown = document.get('ended_at');
  const end_reason: unknown = document.get('end_reason');
  if (!(ended_at instanceof Timestamp) || typeof end_reason !== 'string') return 'unreadable';
  if (document.get('message_seq') === 0) return 'uncountable';
  return { day: utcDay(toIsoTime(ended_at.toMillis())), counters: { [`sessions_over_${end_reason}`]: 1 } };
};
