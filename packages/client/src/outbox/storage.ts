import type { PendingOperation } from './pending-operation.ts';

/** An item of a storage. `value` may be anything, because users and other versions may have written it. */
export type StoredItem = { key: string; value: unknown };

/**
 * Stores the pending operations of a client, in one queue per user. An implementation guarantees:
 *
 * - **Order.** `list` returns the items in the order in which they were added.
 * - **Unique ids.** `add` replaces the operation that has the same `id` in the queue, at its position.
 * - **Removed once.** If several callers `remove` the same item, exactly one receives true, also across tabs.
 * - **Mutual exclusion.** Of all clients that share the storage, one runs inside `withLock` for a user.
 *
 * A method may reject. Then the client uses memory for this operation, and reports the error to `onStorageFailure`.
 */
export type OutboxStorage = {
  /** Returns all items of the user's queue. */
  list(user: string): Promise<StoredItem[]>;
  /** Appends an operation, durably: a crash after the promise resolves does not lose it. */
  add(user: string, operation: PendingOperation): Promise<void>;
  /** Replaces an item. Does nothing if the item has been removed. */
  update(user: string, key: string, operation: PendingOperation): Promise<void>;
  /** Removes an item. Resolves to whether this call removed it. */
  remove(user: string, key: string): Promise<boolean>;
  /** Runs `run` while no other client of the storage runs inside `withLock` for the same user. */
  withLock<T>(user: string, run: () => Promise<T>): Promise<T>;
  /** Calls `listener` whenever a client, also in another tab, adds an item or removes one. */
  onChange(listener: () => void): void;
};
