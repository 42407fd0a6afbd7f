import { AsyncLocalStorage } from 'node:async_hooks';

/** Firestore operations as they are billed. */
export type OperationCost = { documents_read: number; documents_written: number };

const current = new AsyncLocalStorage<OperationCost>();

/**
 * Runs `work` and adds the Firestore operations that it causes to `cost`. The cost of a batch is added for the first of
 * its operations.
 *
 * @example
 * ```ts
 * import { type OperationCost, type SessionStore, trackCost } from 'kb-sessions';
 *
 * export const costOfEnd = async (store: SessionStore, owner: string, session_id: string) => {
 *   const cost: OperationCost = { documents_read: 0, documents_written: 0 };
 *   await trackCost(cost, () => store.end({ owner, session_id }));
 *   return cost;
 * };
 * ```
 */
export const trackCost = <Result>(cost: OperationCost, work: () => Promise<Result>): Promise<Result> =>
  current.run(cost, work);

/** Adds Firestore operations to the cost that {@link trackCost} tracks, if there is one. */
export const recordCost = (documents_read: number, documents_written: number): void => {
  const cost = current.getStore();
  if (!cost) return;
  cost.documents_read += documents_read;
  cost.documents_written += documents_written;
};

/** Runs `work` without adding its Firestore operations to the cost of the call that runs it. */
export const withoutCost = <Result>(work: () => Promise<Result>): Promise<Result> =>
  trackCost({ documents_read: 0, documents_written: 0 }, work);
