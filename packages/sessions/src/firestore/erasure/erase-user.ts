import { randomUUID } from 'node:crypto';
import type { Receipt } from 'kb-sessions-contract/receipt';
import type { Clock } from '../../clock.ts';
import { type Erasure, isSweepDue, toReceipt } from '../../erasure/state.ts';
import { mapErrors } from '../classify-error.ts';
import type { FirestoreContext } from '../context.ts';
import { withSweepDeadline } from '../deadline.ts';
import { DELETION_ORDER, deleteUserDocuments } from './delete-user-documents.ts';
import { createTombstone, readErasure, recordDroppedEntries, recordSweep } from './tombstones.ts';

/** The options of a sweep. */
export type SweepOptions = {
  /** Removes a user from caches and journals. Returns how many pending operations it dropped. */
  evict(owner: string): Promise<number>;
  /** When to stop, in milliseconds by `clock`. */
  deadline: number;
  clock: Clock;
};

/**
 * Erases a user for good. It writes the tombstone first; from then on nothing is created for the user. It deletes the
 * documents of the user until the deadline, and {@link finishErasures} continues, also after an error. A repeated call
 * continues if a sweep is due. The counters of the days keep their totals, which stay exact and identify no user.
 *
 * Cost: one read and one write per document; per 300 documents one write more, and one for each day. The first sweep adds
 * 5 reads and 2 writes, the second one 4 reads and 1 write.
 *
 * @returns the state of the erasure
 * @throws SessionError `unavailable`; repeat the call
 * @example
 * ```ts
 * import type { FailoverStore } from 'kb-sessions';
 * import { eraseUser, type FirestoreContext } from 'kb-sessions/firestore';
 *
 * export const erase = async (context: FirestoreContext, store: FailoverStore, owner: string) => {
 *   const evict = (user_id: string) => store.evictUser(user_id);
 *   const receipt = await eraseUser(context, { owner, evict, deadline: Date.now() + 30_000, clock: Date.now });
 *   return receipt.status;
 * };
 * ```
 */
export const eraseUser = (
  context: FirestoreContext,
  { owner, ...options }: SweepOptions & { owner: string },
): Promise<Receipt> =>
  mapErrors(
    (async () => {
      const { erasure, now } = await createTombstone(context, owner);
      const swept = isSweepDue(erasure, now)
        ? await sweepUser(context, { owner, erasure, ...options })
        : erasure;
      return toReceipt(owner, swept ?? (await readErasure(context, owner)).erasure);
    })(),
  );

/**
 * Deletes everything that a user has. It may be repeated after a crash at any point, and may overlap itself. A crash right
 * after pending operations were dropped leaves them out of the receipt; every other number stays exact.
 *
 * @param options `erasure`: the erasure as the sweep found it
 * @returns the erasure after the sweep; null if the deadline came before its end
 */
export const sweepUser = async (
  callContext: FirestoreContext,
  { owner, erasure, evict, deadline, clock }: SweepOptions & { owner: string; erasure: Erasure },
): Promise<Erasure | null> => {
  const context = withSweepDeadline(callContext);
  // If the eviction fails, the sweep stays due, but the documents in Firestore are deleted now all the same.
  const [eviction] = await Promise.allSettled([evict(owner)]);
  if (eviction.status === 'fulfilled' && eviction.value > 0)
    await recordDroppedEntries(context, { owner, sweep_id: randomUUID(), entries: eviction.value });
  const isLate = () => clock() >= deadline;
  // Repeats until a pass finds nothing: an operation that began before the tombstone may have opened another session.
  for (let isDone = false; !isDone; ) {
    isDone = true;
    for (const source of DELETION_ORDER) {
      const { deleted, more } = await deleteUserDocuments(context, { owner, source, isLate });
      if (more) return null;
      if (deleted > 0) isDone = false;
    }
  }
  if (eviction.status === 'rejected') throw eviction.reason;
  return recordSweep(context, owner, erasure);
};
