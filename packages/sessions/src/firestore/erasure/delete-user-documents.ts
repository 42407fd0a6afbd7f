import {
  type CollectionReference,
  FieldPath,
  type Firestore,
  type QueryDocumentSnapshot,
} from 'firebase-admin/firestore';
import { utcDay } from '../../clock.ts';
import { dayCounters, isCountable, uncountedDelta } from '../../counters.ts';
import { recordCost } from '../../operation-cost.ts';
import { decodeMessage, toIncrements } from '../codec.ts';
import type { FirestoreContext } from '../context.ts';
import { addCounters, type Counters, type DayCounters, endCounters } from '../counters/count-batch.ts';
import { COUNTED_FIELDS } from '../counters/count-message.ts';
import { withDeadline } from '../deadline.ts';
import { dayShardDocument, messagesCollection, sessionsCollection, tombstoneDocument } from '../documents.ts';
import { createRetrier } from '../retry.ts';
import { deletionCount } from './tombstones.ts';

const PAGE = 300;

/**
 * Deletes what a user has of a kind, page by page, until there is no more or `isLate`; how many it deleted, and whether
 * there is more. Each page is one commit, which counts what it deletes in the tombstone, and in the totals of the days
 * what they do not hold of it: each document is deleted, and counted, once, however many sweeps there are and whatever
 * of their commits is told to have failed. Per document 1 read and 1 write, per page 1 write more, and 1 for each day.
 */
export const deleteUserDocuments = async (
  context: FirestoreContext,
  { owner, erasable, isLate }: { owner: string; erasable: DeletableCollection; isLate(): boolean },
): Promise<{ erased: number; more: boolean }> => {
  const owned = erasable
    .collection(context.db)
    .where('user_id', '==', owner)
    .orderBy(FieldPath.documentId())
    .select(...erasable.fields);
  let erased = 0;
  let limit = PAGE;
  let tryAgain = createRetrier(context);
  // From the last page on, not from the start: a query that skips what was just deleted is slow
  // (firebase.google.com/docs/firestore/best-practices).
  let after: QueryDocumentSnapshot | undefined;
  while (!isLate()) {
    const query = owned.limit(limit);
    const { docs } = await withDeadline(context, (after ? query.startAfter(after) : query).get());
    recordCost(Math.max(1, docs.length), 0);
    if (docs.length > 0) {
      try {
        await erase(context, owner, erasable, docs);
      } catch (error) {
        // A document has changed or is gone, or the commit was too big ("Transaction too big") or too slow: less of it
        // may pass. Nothing is less than one.
        if (docs.length === 1) await tryAgain(error);
        limit = Math.ceil(docs.length / 4);
        continue;
      }
    }
    erased += docs.length;
    tryAgain = createRetrier(context);
    if (docs.length < limit) return { erased, more: false };
    after = docs.at(-1);
    limit = Math.min(PAGE, limit * 2);
  }
  return { erased, more: true };
};

const erase = async (
  context: FirestoreContext,
  owner: string,
  { kind, uncountedOf }: DeletableCollection,
  documents: QueryDocumentSnapshot[],
): Promise<void> => {
  const { db, limits, random } = context;
  const batch = db.batch();
  const days = new Map<string, Counters>();
  for (const document of documents) {
    const due = uncountedOf(document);
    // What is owed may have been counted meanwhile, and a session that was open may have ended.
    batch.delete(document.ref, { lastUpdateTime: document.updateTime });
    if (due) addCounters(days, due.day, due.counters);
  }
  for (const [day, counters] of days) {
    batch.set(dayShardDocument(db, day, random(limits.analyticsShards)), toIncrements(counters), {
      merge: true,
    });
  }
  batch.update(tombstoneDocument(db, owner), deletionCount(kind, documents.length));
  const results = await withDeadline(context, batch.commit());
  recordCost(0, results.length);
};

/** A kind of document that a user has. */
export type DeletableCollection = {
  kind: 'sessions' | 'messages';
  collection(db: Firestore): CollectionReference;
  /** The fields that `owed` looks at. */
  fields: string[];
  /** What the totals of a day do not hold of it yet; null where they hold it all. */
  uncountedOf(document: QueryDocumentSnapshot): DayCounters | null;
};

const SESSIONS: DeletableCollection = {
  kind: 'sessions',
  collection: sessionsCollection,
  fields: ['uncounted', 'ended_at', 'end_reason', 'message_seq'],
  // One that is open has not ended, and never will: it stays counted as created alone.
  uncountedOf: (document) => {
    const end = document.get('uncounted') === true ? endCounters(document) : null;
    return typeof end === 'string' ? null : end;
  },
};

const MESSAGES: DeletableCollection = {
  kind: 'messages',
  collection: messagesCollection,
  fields: COUNTED_FIELDS,
  // Not by its mark: reconcileCounters drops that, uncounted, once the session is gone.
  uncountedOf: (document) => {
    const message = decodeMessage(document.data());
    const part = isCountable(message) ? uncountedDelta(message) : null;
    return part && { day: utcDay(message.created_at), counters: dayCounters(part) };
  },
};

/** In the order of their deletion: every append is conditional on its session, so none succeeds once that is gone. */
export const DELETION_ORDER = [SESSIONS, MESSAGES];
