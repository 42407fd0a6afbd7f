import { FieldPath, type QueryDocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import { isSweepDue } from '../../erasure/state.ts';
import { recordCost } from '../../operation-cost.ts';
import { toSessionError } from '../classify-error.ts';
import type { FirestoreContext } from '../context.ts';
import { withDeadline } from '../deadline.ts';
import { tombstoneOwner, tombstonesCollection } from '../documents.ts';
import { type SweepOptions, sweepUser } from './erase-user.ts';
import { readErasure } from './tombstones.ts';

const PAGE_SIZE = 100;
/** How many users are swept at the same time. */
const PARALLEL_USERS = 10;

/** What {@link finishErasures} did. */
export type FinishErasuresResult = {
  /** Sweeps that finished. */
  swept: number;
  /** Erasures that are complete after that. */
  completed: number;
  /** Users whose sweep failed in this run. */
  failed: number;
  /** The first error behind `failed`, for the log. */
  failure?: unknown;
  /** Whether the deadline came before the end of the work. */
  more: boolean;
};

/**
 * Sweeps every user whose sweep is due: the second sweep of an erasure, or the rest of a first one. Users who have waited
 * longest come first. A user with many documents, or whose sweep fails, does not delay the others. Runs may overlap.
 *
 * Cost: one read per user, and the cost of {@link eraseUser}.
 *
 * @throws SessionError `unavailable` if the query for due users fails; failures of single users are in the result
 * @example
 * ```ts
 * import type { FailoverStore } from 'kb-sessions';
 * import { type FirestoreContext, finishErasures } from 'kb-sessions/firestore';
 *
 * export const runJob = async (context: FirestoreContext, store: FailoverStore): Promise<void> => {
 *   const result = await finishErasures(context, {
 *     evict: (owner) => store.evictUser(owner),
 *     deadline: Date.now() + 240_000,
 *     clock: Date.now,
 *   });
 *   console.log(result.completed, result.failed, result.more);
 * };
 * ```
 */
export const finishErasures = async (
  context: FirestoreContext,
  options: SweepOptions,
): Promise<FinishErasuresResult> => {
  const result: FinishErasuresResult = { swept: 0, completed: 0, failed: 0, more: false };
  const owners = dueOwners(context);
  const sweepOneByOne = async (): Promise<void> => {
    for await (const owner of owners) {
      if (options.clock() >= options.deadline) {
        result.more = true;
        return;
      }
      try {
        const outcome = await sweepIfDue(context, owner, options);
        if (outcome === 'unfinished') result.more = true;
        else if (outcome) result.swept += 1;
        if (outcome === 'complete') result.completed += 1;
      } catch (error) {
        result.failed += 1;
        result.failure ??= toSessionError(error);
      }
    }
  };
  for (const worker of await Promise.allSettled(Array.from({ length: PARALLEL_USERS }, sweepOneByOne))) {
    if (worker.status === 'rejected') throw toSessionError(worker.reason);
  }
  return result;
};

async function* dueOwners(context: FirestoreContext): AsyncGenerator<string> {
  const query = tombstonesCollection(context.db)
    .where('sweep_at', '<=', Timestamp.fromMillis(context.now(Timestamp.now())))
    .orderBy('sweep_at')
    .orderBy(FieldPath.documentId())
    .select('sweep_at')
    .limit(PAGE_SIZE);
  let after: QueryDocumentSnapshot | undefined;
  do {
    const { docs } = await withDeadline(context, (after ? query.startAfter(after) : query).get());
    recordCost(Math.max(1, docs.length), 0);
    for (const { id } of docs) yield tombstoneOwner(id);
    after = docs.length < PAGE_SIZE ? undefined : docs.at(-1);
  } while (after);
}

/** Sweeps a user. Returns null if another sweep was first, `unfinished` if the deadline came. */
const sweepIfDue = async (
  context: FirestoreContext,
  owner: string,
  options: SweepOptions,
): Promise<'swept' | 'complete' | 'unfinished' | null> => {
  const { erasure, now } = await readErasure(context, owner);
  if (!isSweepDue(erasure, now)) return null;
  const swept = await sweepUser(context, { owner, erasure, ...options });
  if (!swept) return 'unfinished';
  return swept.completed_at === null ? 'swept' : 'complete';
};
