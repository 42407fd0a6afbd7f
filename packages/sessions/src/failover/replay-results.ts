import { LRUCache } from 'lru-cache';
import { operationDigest } from '../journal/journal.ts';
import type { AppendOperation, AppendResult } from '../session-store.ts';

/** How many results are kept. Each has only ids and numbers: some hundred bytes. */
const MAX_RESULTS = 10_000;

/**
 * The results of replayed appends. A client that repeats such an append gets its result from here. Otherwise a durable
 * operation would have to wait behind the pending ones again, for as long as new operations arrive.
 */
export class ReplayResults {
  readonly #results = new LRUCache<string, { owner: string; result: AppendResult }>({ max: MAX_RESULTS });

  put(operation: AppendOperation, result: AppendResult): void {
    this.#results.set(operationDigest(operation), { owner: operation.owner, result });
  }

  evict(owners: ReadonlySet<string>): void {
    for (const [key, { owner }] of this.#results.entries()) if (owners.has(owner)) this.#results.delete(key);
  }

  /** A copy of the result of an operation; null if there is none, or if the operation asks for a context, which is not kept. */
  find(operation: AppendOperation): AppendResult | null {
    if (operation.context_limit !== null || this.#results.size === 0) return null;
    return structuredClone(this.#results.get(operationDigest(operation))?.result ?? null);
  }
}
