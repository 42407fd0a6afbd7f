import {
  type DocumentData,
  FieldPath,
  FieldValue,
  type QueryDocumentSnapshot,
  Timestamp,
} from 'firebase-admin/firestore';
import { completeSweep, type Erasure, startErasure } from '../../erasure/state.ts';
import { recordCost } from '../../operation-cost.ts';
import { mapErrors } from '../classify-error.ts';
import { decodeErasure, encodeRecord } from '../codec.ts';
import type { FirestoreContext } from '../context.ts';
import { withDeadline } from '../deadline.ts';
import { tombstoneDocument, tombstoneOwner, tombstonesCollection } from '../documents.ts';
import { createRetrier } from '../retry.ts';

/** An erasure as it was read, and when, in milliseconds of the primary's clock. */
export type TombstoneSnapshot = { erasure: Erasure; updateTime: Timestamp; now: number };

/** With every write goes when it was: other instances ask for what is new, to forget the same user. */
const UPDATED_NOW = { updated_at: FieldValue.serverTimestamp() };

/** Writes the tombstone, unless there is one. 1 read where there is, otherwise 2 reads and 1 write. */
export const createTombstone = async (
  context: FirestoreContext,
  owner: string,
): Promise<TombstoneSnapshot> => {
  const tryAgain = createRetrier(context);
  while (true) {
    const { found, now } = await read(context, owner);
    if (found) return found;
    try {
      await withDeadline(
        context,
        tombstoneDocument(context.db, owner).create({ ...encodeRecord(startErasure(now)), ...UPDATED_NOW }),
      );
      recordCost(0, 1);
    } catch (error) {
      await tryAgain(error);
    }
  }
};

/** 1 read. @throws Error where there is none: it is for good */
export const readErasure = async (context: FirestoreContext, owner: string): Promise<TombstoneSnapshot> => {
  const { found } = await read(context, owner);
  if (!found) throw new Error('a tombstone was to be there, found none');
  return found;
};

/** Notes what waited in journals when a sweep began. However often the commit is repeated, it counts once. 1 write. */
export const recordDroppedEntries = async (
  context: FirestoreContext,
  { owner, sweep_id, entries }: { owner: string; sweep_id: string; entries: number },
): Promise<void> => {
  const batch = context.db.batch();
  const tombstone = tombstoneDocument(context.db, owner);
  batch.update(tombstone, new FieldPath('entries', sweep_id), entries, 'updated_at', UPDATED_NOW.updated_at);
  await withDeadline(context, batch.commit());
  recordCost(0, 1);
};

/** What is to be written where documents were deleted, in the same commit. */
export const deletionCount = (counter: 'sessions' | 'messages', by: number): DocumentData => ({
  [counter]: FieldValue.increment(by),
  ...UPDATED_NOW,
});

/** Notes that a sweep found nothing left; the erasure as it is then. 1 read and 1 write, again for each lost race. */
export const recordSweep = async (
  context: FirestoreContext,
  owner: string,
  begun: Erasure,
): Promise<Erasure> => {
  const tryAgain = createRetrier(context);
  while (true) {
    const { erasure, updateTime, now } = await readErasure(context, owner);
    const changed = completeSweep(begun, erasure, now);
    if (!changed) return erasure;
    try {
      const fields = { ...encodeRecord(changed), ...UPDATED_NOW };
      await withDeadline(
        context,
        tombstoneDocument(context.db, owner).update(fields, { lastUpdateTime: updateTime }),
      );
      recordCost(0, 1);
      return { ...erasure, ...changed };
    } catch (error) {
      await tryAgain(error);
    }
  }
};

const read = async (
  context: FirestoreContext,
  owner: string,
): Promise<{ found: TombstoneSnapshot | null; now: number }> => {
  const snapshot = await withDeadline(context, tombstoneDocument(context.db, owner).get());
  recordCost(1, 0);
  const now = context.now(snapshot.readTime);
  const data = snapshot.data();
  const { updateTime } = snapshot;
  return { now, found: data && updateTime ? { erasure: decodeErasure(data), updateTime, now } : null };
};

const PAGE = 300;
/**
 * So far, in milliseconds, what is asked next begins before what was read: a server's timestamp is the time of the
 * request, in whole milliseconds, and a write may be seen a little later than that.
 */
const OVERLAP_MS = 10_000;

/**
 * Users whose tombstone was written after `since`, in pages; and from when on to ask next, both in milliseconds of
 * the primary's clock. 1 read per user, at least 1. Nobody is left out, somebody may be named again.
 */
export const listErasedUsers = async (
  context: FirestoreContext,
  since: number,
): Promise<{ owners: string[]; until: number }> => {
  const written = tombstonesCollection(context.db)
    .where('updated_at', '>', Timestamp.fromMillis(since))
    .orderBy('updated_at')
    .orderBy(FieldPath.documentId())
    .select('updated_at')
    .limit(PAGE);
  const owners: string[] = [];
  let after: QueryDocumentSnapshot | undefined;
  while (true) {
    const page = await mapErrors(withDeadline(context, (after ? written.startAfter(after) : written).get()));
    recordCost(Math.max(1, page.size), 0);
    owners.push(...page.docs.map(({ id }) => tombstoneOwner(id)));
    if (page.size < PAGE) return { owners, until: page.readTime.toMillis() - OVERLAP_MS };
    after = page.docs.at(-1);
  }
};
