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

const PAGE_SIZE = 300;

/** A collection in which a user has documents. */
export type DeletableCollection = {
  kind: 'sessions' | 'messages';
  collection(db: Firestore): CollectionReference;
  /** The fields that `uncountedOf` needs. */
  fields: string[];
  /** What the counters of a day do not hold of a document yet; null if they hold all of it. */
  uncountedOf(document: QueryDocumentSnapshot): DayCounters | null;
};

const SESSIONS: DeletableCollection = {
  kind: 'sessions',
  collection: sessionsCollection,
  fields: ['uncounted', 'ended_at', 'end_reason', 'message_seq'],
  // An open session has not ended and never will: the counters keep its creation alone.
  uncountedOf: (document) => {
    const end = document.get('uncounted') === true ? endCounters(document) : null;
    return typeof end === 'string' ? null : end;
  },
};

const MESSAGES: DeletableCollection = {
  kind: 'messages',
  collection: messagesCollection,
  fields: COUNTED_FIELDS,
  // The pending flag does not decide: reconcileCounters removes it, without counting, once the session is deleted.
  uncountedOf: (document) => {
    const message = decodeMessage(document.data());
    const delta = isCountable(message) ? uncountedDelta(message) : null;
    return delta && { day: utcDay(message.created_at), counters: dayCounters(delta) };
  },
};

/** Sessions are deleted first: every append is conditional on its session, so none succeeds after that. */
export const DELETION_ORDER = [SESSIONS, MESSAGES];

/**
 * Deletes the documents of a user in one collection, page by page, until none is left or `isLate`. The commit of a page also
 * adds the deletions to the tombstone, and to the counters of the days what they do not hold of the documents yet. So each
 * document is deleted and counted once, for any number of sweeps and of lost answers.
 *
 * Cost: one read and one write per document; per page one write more, and one for each day.
 *
 * @returns `deleted`: how many documents. `more`: whether documents may be left.
 */
export const deleteUserDocuments = async (
  context: FirestoreContext,
  { owner, source, isLate }: { owner: string; source: DeletableCollection; isLate(): boolean },
): Promise<{ deleted: number; more: boolean }> => {
  const query = source
    .collection(context.db)
    .where('user_id', '==', owner)
    .orderBy(FieldPath.documentId())
    .select(...source.fields);
  let deleted = 0;
  let limit = PAGE_SIZE;
  let retry = createRetrier(context);
  // Each page starts after the last one. A query from the start would skip the entries of deleted documents, which is slow
  // (firebase.google.com/docs/firestore/best-practices).
  let after: QueryDocumentSnapshot | undefined;
  while (!isLate()) {
    const page = query.limit(limit);
    const { docs } = await withDeadline(context, (after ? page.startAfter(after) : page).get());
    recordCost(Math.max(1, docs.length), 0);
    if (docs.length > 0) {
      try {
        await deletePage(context, owner, source, docs);
      } catch (error) {
        // A document has changed or is missing, or the commit was too large ("Transaction too big") or too slow. A smaller
        // page may succeed. A page of one document cannot get smaller.
        if (docs.length === 1) await retry(error);
        limit = Math.ceil(docs.length / 4);
        continue;
      }
    }
    deleted += docs.length;
    retry = createRetrier(context);
    if (docs.length < limit) return { deleted, more: false };
    after = docs.at(-1);
    limit = Math.min(PAGE_SIZE, limit * 2);
  }
  return { deleted, more: true };
};

const deletePage = async (
  context: FirestoreContext,
  owner: string,
  { kind, uncountedOf }: DeletableCollection,
  documents: QueryDocumentSnapshot[],
): Promise<void> => {
  const { db, limits, random } = context;
  const batch = db.batch();
  const days = new Map<string, Counters>();
  for (const document of documents) {
    const uncounted = uncountedOf(document);
    // Conditional, because a document may have been counted meanwhile, and an open session may have ended.
    batch.delete(document.ref, { lastUpdateTime: document.updateTime });
    if (uncounted) addCounters(days, uncounted.day, uncounted.counters);
  }
  for (const [day, counters] of days) {
    const shard = dayShardDocument(db, day, random(limits.analyticsShards));
    batch.set(shard, toIncrements(counters), { merge: true });
  }
  batch.update(tombstoneDocument(db, owner), deletionCount(kind, documents.length));
  const results = await withDeadline(context, batch.commit());
  recordCost(0, results.length);
};
