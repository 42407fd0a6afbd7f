import { type DocumentData, FieldValue, type QueryDocumentSnapshot } from 'firebase-admin/firestore';
import { recordCost } from '../../operation-cost.ts';
import { addCounters, type Counters } from './sums.ts';
import { increments } from '../codec.ts';
import type { DayCounters } from './counted-end.ts';
import { dayShard, sessionsOf } from '../documents.ts';
import { withDeadline } from '../deadline.ts';
import type { FirestoreContext } from '../context.ts';

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
    batch.update(sessionsOf(db).doc(session_id), increments(counters));
  for (const [day, counters] of days)
    batch.set(dayShard(db, day, random(limits.analyticsShards)), increments(counters), { merge: true });
  const results = await withDeadline(context, batch.commit());
  recordCost(0, results.length);
};
