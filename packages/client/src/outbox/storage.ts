import type { PendingOperation } from './pending-operation.ts';

/** What a storage gives back. `value` may be anything: people and older versions may have written it. */
export type StoredItem = { key: string; value: unknown };

/**
 * Where the client keeps what was acknowledged `volatile`, one queue for each user. A storage promises:
 *
 * - **Order.** `list` gives the items in the order they were added.
 * - **Once.** An operation whose `id` is in the queue already takes the place of that one.
 * - **Taken out once.** Of several that `take` the same item, one is told true, also across tabs.
 * - **One at a time.** Of all that share the storage, one is inside `exclusively` for a user.
 */
export type OutboxStorage = {
  list(user: string): Promise<StoredItem[]>;
  add(user: string, operation: PendingOperation): Promise<void>;
  /** Writes over an item, and nothing where it has been taken out. */
  update(user: string, key: string, operation: PendingOperation): Promise<void>;
  remove(user: string, key: string): Promise<boolean>;
  withLock<T>(user: string, run: () => Promise<T>): Promise<T>;
  /** Tells `listener` that a queue grew or shrank, whoever did it. */
  onChange(listener: () => void): void;
};
