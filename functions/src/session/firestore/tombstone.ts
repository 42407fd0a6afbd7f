import { type DocumentData, FieldPath, FieldValue, type Timestamp } from 'firebase-admin/firestore';
import { charge } from '../cost.ts';
import { afterSweep, askedAt, type Erasure } from '../erasure.ts';
import { decodeErasure, encode } from './codec.ts';
import { tombstoneOf } from './documents.ts';
import { inTime } from './in-time.ts';
import type { FirestoreSetup } from './setup.ts';
import { tryingAgain } from './trying-again.ts';

/** An erasure as it was read, and when, in milliseconds of the primary's clock. */
export type Found = { erasure: Erasure; updateTime: Timestamp; now: number };

/** With every write goes when it was: other instances ask for what is new, to forget the same user. */
const UPDATED_NOW = { updated_at: FieldValue.serverTimestamp() };

/** Writes the tombstone, unless there is one. 1 read where there is, otherwise 2 reads and 1 write. */
export const askToErase = async (setup: FirestoreSetup, owner: string): Promise<Found> => {
  const tryAgain = tryingAgain();
  while (true) {
    const { found, now } = await read(setup, owner);
    if (found) return found;
    try {
      await inTime(setup, tombstoneOf(setup.db, owner).create({ ...encode(askedAt(now)), ...UPDATED_NOW }));
      charge(0, 1);
    } catch (error) {
      await tryAgain(error);
    }
  }
};

/** 1 read. @throws Error where there is none: it is for good */
export const readErasure = async (setup: FirestoreSetup, owner: string): Promise<Found> => {
  const { found } = await read(setup, owner);
  if (!found) throw new Error('a tombstone was to be there, found none');
  return found;
};

/** Notes what waited in journals when a sweep began. However often the commit is repeated, it counts once. 1 write. */
export const noteEntries = async (
  setup: FirestoreSetup,
  { owner, sweep_id, entries }: { owner: string; sweep_id: string; entries: number },
): Promise<void> => {
  const batch = setup.db.batch();
  const tombstone = tombstoneOf(setup.db, owner);
  batch.update(tombstone, new FieldPath('entries', sweep_id), entries, 'updated_at', UPDATED_NOW.updated_at);
  await inTime(setup, batch.commit());
  charge(0, 1);
};

/** What is to be written where documents were deleted, in the same commit. */
export const deletedNow = (counter: 'sessions' | 'messages', by: number): DocumentData => ({
  [counter]: FieldValue.increment(by),
  ...UPDATED_NOW,
});

/** Notes that a sweep found nothing left; the erasure as it is then. 1 read and 1 write, again for each lost race. */
export const noteSwept = async (setup: FirestoreSetup, owner: string, begun: Erasure): Promise<Erasure> => {
  const tryAgain = tryingAgain();
  while (true) {
    const { erasure, updateTime, now } = await readErasure(setup, owner);
    const changed = afterSweep(begun, erasure, now);
    if (!changed) return erasure;
    try {
      const fields = { ...encode(changed), ...UPDATED_NOW };
      await inTime(setup, tombstoneOf(setup.db, owner).update(fields, { lastUpdateTime: updateTime }));
      charge(0, 1);
      return { ...erasure, ...changed };
    } catch (error) {
      await tryAgain(error);
    }
  }
};

const read = async (setup: FirestoreSetup, owner: string): Promise<{ found: Found | null; now: number }> => {
  const snapshot = await inTime(setup, tombstoneOf(setup.db, owner).get());
  charge(1, 0);
  const now = setup.now(snapshot.readTime);
  const data = snapshot.data();
  const { updateTime } = snapshot;
  return { now, found: data && updateTime ? { erasure: decodeErasure(data), updateTime, now } : null };
};
