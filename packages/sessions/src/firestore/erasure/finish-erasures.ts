import { FieldPath, type QueryDocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import { isSweepDue } from '../../erasure/state.ts';
import { recordCost } from '../../operation-cost.ts';
import { toSessionError } from '../classify-error.ts';
import type { FirestoreContext } from '../context.ts';
import { withDeadline } from '../deadline.ts';
import { tombstoneOwner, tombstonesCollection } from '../documents.ts';
import { type SweepOptions, sweepUser } from './erase-user.ts';
import { readErasure } from './tombstones.ts';

const PAGE = 100;
/** How many users are swept at once. */
const PARALLEL = 10;

export type FinishErasuresResult = {
  /** Sweeps that came to their end. */
  swept: number;
  /** Those of them after which the erasure was complete. */
  completed: number;
  failed: number;
  /** The first error behind `failed`, for the log. */
  failure?: unknown;
  /** Whether the time budget ended before the work. */
  more: boolean;
};

/**
 * Sweeps every user whose sweep is due: the second time, or as a first sweep was cut short. Those that wait longest come
 * first; one that has much, or fails, keeps none of the others waiting. May overlap itself. 1 read per user, and what
 * {@link eraseUser} costs.
 * @throws SessionError `unavailable` where it cannot even learn who is due
 */
export const finishErasures = async (
  context: FirestoreContext,
  options: SweepOptions,
): Promise<FinishErasuresResult> => {
  const finished: FinishErasuresResult = { swept: 0, completed: 0, failed: 0, more: false };
  const due = dueUsers(context);
  const sweepOneByOne = async (): Promise<void> => {
    for await (const owner of due) {
      if (options.clock() >= options.deadline) {
        finished.more = true;
        return;
      }
      try {
        const became = await finish(context, owner, options);
        if (became === 'cut short') finished.more = true;
        else if (became) finished.swept += 1;
        if (became === 'complete') finished.completed += 1;
      } catch (error) {
        finished.failed += 1;
        finished.failure ??= toSessionError(error);
      }
    }
  };
  for (const worker of await Promise.allSettled(Array.from({ length: PARALLEL }, sweepOneByOne))) {
    if (worker.status === 'rejected') throw toSessionError(worker.reason);
  }
  return finished;
};

async function* dueUsers(context: FirestoreContext): AsyncGenerator<string> {
  const due = tombstonesCollection(context.db)
    .where('sweep_at', '<=', Timestamp.fromMillis(context.now(Timestamp.now())))
    .orderBy('sweep_at')
    .orderBy(FieldPath.documentId())
    .select('sweep_at')
    .limit(PAGE);
  let after: QueryDocumentSnapshot | undefined;
  do {
    const { docs } = await withDeadline(context, (after ? due.startAfter(after) : due).get());
    recordCost(Math.max(1, docs.length), 0);
    for (const { id } of docs) yield tombstoneOwner(id);
    after = docs.length < PAGE ? undefined : docs.at(-1);
  } while (after);
}

/** What became of one user; null where another sweep was first. */
const finish = async (
  context: FirestoreContext,
  owner: string,
  options: SweepOptions,
): Promise<'swept' | 'complete' | 'cut short' | null> => {
  const { erasure: begun, now } = await readErasure(context, owner);
  if (!isSweepDue(begun, now)) return null;
  const swept = await sweepUser(context, { owner, begun, ...options });
  if (!swept) return 'cut short';
  return swept.completed_at === null ? 'swept' : 'complete';
};
