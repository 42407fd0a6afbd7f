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

/** An erasure as it was read, and the time of the read in milliseconds, by the clock of Firestore. */
export type TombstoneSnapshot = { erasure: Erasure; updateTime: Timestamp; now: number };

/** Every write of a tombstone stores its time. Other instances query it to evict the same user. */
const UPDATED_NOW = { updated_at: FieldValue.serverTimestamp() };

/** Creates the tombstone of a user if there is none. Cost: 1 read; if it creates one, 2 reads and 1 write. */
export const createTombstone = async (
  context: FirestoreContext,
  owner: string,
): Promise<TombstoneSnapshot> => {
  const retry = createRetrier(context);
  while (true) {
    const { existing, now } = await readTombstone(context, owner);
    if (existing) return existing;
    try {
      const data = { ...encodeRecord(startErasure(now)), ...UPDATED_NOW };
      await withDeadline(context, tombstoneDocument(context.db, owner).create(data));
      recordCost(0, 1);
    } catch (error) {
      await retry(error);
    }
  }
};

/**
 * Reads the erasure of a user. Cost: 1 read.
 *
 * @throws Error if there is no tombstone: nothing deletes one
 */
export const readErasure = async (context: FirestoreContext, owner: string): Promise<TombstoneSnapshot> => {
  const { existing } = await readTombstone(context, owner);
  if (!existing) throw new Error('expected a tombstone, found none');
  return existing;
};

/** Records how many pending operations a sweep dropped from journals. A repeated commit counts once. Cost: 1 write. */
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

/** The update of the tombstone that the commit of a deletion contains. */
export const deletionCount = (counter: 'sessions' | 'messages', by: number): DocumentData => ({
  [counter]: FieldValue.increment(by),
  ...UPDATED_NOW,
});

/**
 * Records that a sweep found nothing more. Cost: 1 read and 1 write, again for each conflict.
 *
 * @param before the erasure as the sweep found it
 * @returns the erasure after the sweep
 */
export const recordSweep = async (
  context: FirestoreContext,
  owner: string,
  before: Erasure,
): Promise<Erasure> => {
  const retry = createRetrier(context);
  while (true) {
    const { erasure, updateTime, now } = await readErasure(context, owner);
    const changes = completeSweep(before, erasure, now);
    if (!changes) return erasure;
    try {
      const data = { ...encodeRecord(changes), ...UPDATED_NOW };
      const precondition = { lastUpdateTime: updateTime };
      await withDeadline(context, tombstoneDocument(context.db, owner).update(data, precondition));
      recordCost(0, 1);
      return { ...erasure, ...changes };
    } catch (error) {
      await retry(error);
    }
  }
};

const readTombstone = async (
  context: FirestoreContext,
  owner: string,
): Promise<{ existing: TombstoneSnapshot | null; now: number }> => {
  const snapshot = await withDeadline(context, tombstoneDocument(context.db, owner).get());
  recordCost(1, 0);
  const now = context.now(snapshot.readTime);
  const data = snapshot.data();
  const { updateTime } = snapshot;
  return { now, existing: data && updateTime ? { erasure: decodeErasure(data), updateTime, now } : null };
};

const PAGE_SIZE = 300;
/**
 * How far the next query goes back before the last read, in milliseconds. A server timestamp is the time of the request, in
 * whole milliseconds, and a write may become visible a little later.
 */
const OVERLAP_MS = 10_000;

/**
 * Lists the users whose tombstone was written after `since`, and the time from which to ask next, both in milliseconds by
 * the clock of Firestore. No user is left out; a user may appear again.
 *
 * Cost: one read per user, at least one; one round trip per 300 users.
 *
 * @throws SessionError `unavailable`
 * @example
 * ```ts
 * import { type FirestoreContext, listErasedUsers } from 'kb-sessions/firestore';
 *
 * export const erasedInTheLastHour = async (context: FirestoreContext): Promise<string[]> =>
 *   (await listErasedUsers(context, Date.now() - 3_600_000)).owners;
 * ```
 */
export const listErasedUsers = async (
  context: FirestoreContext,
  since: number,
): Promise<{ owners: string[]; until: number }> => {
  const query = tombstonesCollection(context.db)
    .where('updated_at', '>', Timestamp.fromMillis(since))
    .orderBy('updated_at')
    .orderBy(FieldPath.documentId())
    .select('updated_at')
    .limit(PAGE_SIZE);
  const owners: string[] = [];
  let after: QueryDocumentSnapshot | undefined;
  while (true) {
    const page = await mapErrors(withDeadline(context, (after ? query.startAfter(after) : query).get()));
    recordCost(Math.max(1, page.size), 0);
    owners.push(...page.docs.map(({ id }) => tombstoneOwner(id)));
    if (page.size < PAGE_SIZE) return { owners, until: page.readTime.toMillis() - OVERLAP_MS };
    after = page.docs.at(-1);
  }
};
