import { AsyncLocalStorage } from 'node:async_hooks';

/** Firestore operations as they are billed: documents looked up, documents written. */
export type OperationCost = { documents_read: number; documents_written: number };

const current = new AsyncLocalStorage<OperationCost>();

/** Runs `work` and adds up in `cost` what it charges. What calls do together in a lane is charged to the first of them. */
export const trackCost = <Result>(cost: OperationCost, work: () => Promise<Result>): Promise<Result> =>
  current.run(cost, work);

export const recordCost = (documents_read: number, documents_written: number): void => {
  const cost = current.getStore();
  if (!cost) return;
  cost.documents_read += documents_read;
  cost.documents_written += documents_written;
};
