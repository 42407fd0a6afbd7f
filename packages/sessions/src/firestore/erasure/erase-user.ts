import { isDue, toReceipt } from '../../erasure/state.ts';
import type { Receipt } from 'kb-sessions-contract/receipt';
import { mapErrors } from '../classify-error.ts';
import type { FirestoreContext } from '../context.ts';
import { type SweepOptions, sweepUser } from './sweep-user.ts';
import { createTombstone, readErasure } from './tombstones.ts';

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
      const swept = isDue(begun, now) ? await sweepUser(context, { owner, begun, ...options }) : begun;
      return toReceipt(owner, swept ?? (await readErasure(context, owner)).erasure);
    })(),
  );
