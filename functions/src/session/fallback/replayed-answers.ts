import { LRUCache } from 'lru-cache';
import type { Appended, AppendOperation, Created, CreateOperation } from '../store.ts';
import { digestOf } from './digest.ts';

/** Ids and numbers alone: some hundred bytes each. */
const KEPT = 10_000;

/**
 * What the primary answered to operations that waited. Who offers one again gets it from here: without it, what is
 * durable already would have to wait again behind what is not, for as long as new operations keep coming.
 */
export class ReplayedAnswers {
  readonly #appended = new LRUCache<string, Appended>({ max: KEPT });
  readonly #created = new LRUCache<string, Created>({ max: KEPT });

  appended(operation: AppendOperation, answer: Appended): void {
    this.#appended.set(digestOf(operation), answer);
  }

  created(operation: CreateOperation, answer: Created): void {
    this.#created.set(digestOf(operation), answer);
  }

  /** Null as well where the answer is to have a context: that is not kept. */
  ofAppend(operation: AppendOperation): Appended | null {
    if (operation.context_limit !== null || this.#appended.size === 0) return null;
    return this.#appended.get(digestOf(operation)) ?? null;
  }

  ofCreate(operation: CreateOperation): Created | null {
    return this.#created.get(digestOf(operation)) ?? null;
  }
}
