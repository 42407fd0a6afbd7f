import { randomUUID } from 'node:crypto';
import type { Receipt } from 'kb-sessions-contract/receipt';
import type { Clock } from '../../clock.ts';
import { type Erasure, isSweepDue, toReceipt } from '../../erasure/state.ts';
import { mapErrors } from '../classify-error.ts';
import type { FirestoreContext } from '../context.ts';
import { withSweepDeadline } from '../deadline.ts';
import { DELETION_ORDER, deleteUserDocuments } from './delete-user-documents.ts';
import { createTombstone, readErasure, recordDroppedEntries, recordSweep } from './tombstones.ts';

/**
 * Erases a user for good: from the tombstone on, which comes first, nothing of that user is created any more. It deletes
 * what there is as far as the deadline lets it, and {@link finishErasures} does the rest, after an error, too. Asked
 * again it goes on if a sweep is due. The totals of the days stay, and stay exact, with nothing of the user in them.
 * Per document 1 read and 1 write, per page a write, and one for each day; beside that 5 reads and 2 writes when it is
 * asked for, 4 reads and 1 write for the second sweep.
 * @throws SessionError `unavailable`: ask again
 */
export const eraseUser = (
  context: FirestoreContext,
  { owner, ...options }: SweepOptions & { owner: string },
): Promise<Receipt> =>
  mapErrors(
    (async () => {
      const { erasure: begun, now } = await createTombstone(context, owner);
      const swept = isSweepDue(begun, now) ? await sweepUser(context, { owner, begun, ...options }) : begun;
      return toReceipt(owner, swept ?? (await readErasure(context, owner)).erasure);
    })(),
  );

export type SweepOptions = {
  /** Forgets what memories, journals and Redis hold of a user; how many entries waited. */
  evict(owner: string): Promise<number>;
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
  { owner, begun, evict, deadline, clock }: SweepOptions & { owner: string; begun: Erasure },
): Promise<Erasure | null> => {
  const context = withSweepDeadline(given);
  // What cannot be forgotten yet keeps the sweep due, and Firestore's documents no longer than need be.
  const [forgotten] = await Promise.allSettled([evict(owner)]);
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
