import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Erasure } from '../../erasure/state.ts';
import { DELETION_ORDER } from './erasable.ts';
import { deleteUserDocuments } from './delete-user-documents.ts';
import { withSweepDeadline } from '../patient.ts';
import type { FirestoreContext } from '../context.ts';
import { recordDroppedEntries, recordSweep } from './tombstones.ts';

export type SweepOptions = {
  /** Forgets what memories, journals and Redis hold of a user; how many entries waited. */
  forget(owner: string): Promise<number>;
  /** Milliseconds, by `clock`. */
  deadline: number;
  clock: Clock;
};

/**
 * Deletes all that a user has; the erasure as it is then, or null where the deadline came before the end. It may be
 * repeated after a crash at any point, and overlap itself. What waited in journals is the one count that a crash, right
 * after it was forgotten, leaves short.
 * @param begun the erasure when the sweep began
 */
export const sweepUser = async (
  given: FirestoreContext,
  { owner, begun, forget, deadline, clock }: SweepOptions & { owner: string; begun: Erasure },
): Promise<Erasure | null> => {
  const context = withSweepDeadline(given);
  // What cannot be forgotten yet keeps the sweep due, and Firestore's documents no longer than need be.
  const [forgotten] = await Promise.allSettled([forget(owner)]);
  if (forgotten.status === 'fulfilled' && forgotten.value > 0)
    await recordDroppedEntries(context, { owner, sweep_id: randomUUID(), entries: forgotten.value });
  const isLate = () => clock() >= deadline;
  // Until a pass finds nothing: what was under way when the tombstone was written may have opened another session.
  for (let left = true; left; ) {
    left = false;
    for (const erasable of DELETION_ORDER) {
      const { erased, more } = await deleteUserDocuments(context, { owner, erasable, isLate });
      if (more) return null;
      left ||= erased > 0;
    }
  }
  if (forgotten.status === 'rejected') throw forgotten.reason;
  return recordSweep(context, owner, begun);
};
