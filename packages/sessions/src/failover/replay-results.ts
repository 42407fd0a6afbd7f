import { LRUCache } from 'lru-cache';
import { operationDigest } from '../journal/journal.ts';
import type { AppendOperation, AppendResult } from '../session-store.ts';

/** Ids and numbers alone: some hundred bytes each. */
const KEPT = 10_000;

/**
 * What the primary answered to appends that waited. Who offers one again gets it from here: without it, what is
 * durable already would have to wait again behind what is not, for as long as new operations keep coming.
 */
export class ReplayResults {
  readonly #kept = new LRUCache<string, { owner: string; answer: AppendResult }>({ max: KEPT });

  put(operation: AppendOperation, answer: AppendResult): void {
    this.#kept.set(operationDigest(operation), { owner: operation.owner, answer });
  }

  evict(owners: ReadonlySet<string>): void {
    for (const [key, { owner }] of this.#kept.entries()) if (owners.has(owner)) this.#kept.delete(key);
  }

  /** Null as well where the answer is to have a context: that is not kept. */
  find(operation: AppendOperation): AppendResult | null {
    if (operation.context_limit !== null || this.#kept.size === 0) return null;
    return structuredClone(this.#kept.get(operationDigest(operation))?.answer ?? null);
  }
}
