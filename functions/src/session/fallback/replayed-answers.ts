import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Appended, AppendOperation, Created, CreateOperation } from '../store.ts';

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
    this.#appended.set(keyOf(operation, operation.messages), answer);
  }

  created(operation: CreateOperation, answer: Created): void {
    this.#created.set(keyOf(operation), answer);
  }

  /** Null as well where the answer is to have a context: that is not kept. */
  ofAppend(operation: AppendOperation): Appended | null {
    if (operation.context_limit !== null || this.#appended.size === 0) return null;
    return this.#appended.get(keyOf(operation, operation.messages)) ?? null;
  }

  ofCreate(operation: CreateOperation): Created | null {
    return this.#created.get(keyOf(operation)) ?? null;
  }
}

/** Other content is another operation: it is for the primary to refuse. */
const keyOf = (
  { owner, session_id }: { owner: string; session_id: string },
  content: unknown = null,
): string =>
  createHash('sha256')
    .update(JSON.stringify([owner, session_id, content]))
    .digest('base64');
