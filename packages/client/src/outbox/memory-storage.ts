import { createKeyedMutex } from './keyed-mutex.ts';
import type { PendingOperation } from './pending-operation.ts';
import type { OutboxStorage } from './storage.ts';

/**
 * An {@link OutboxStorage} in memory, which ends with the process or page. Clients with the same storage share its queues.
 *
 * @example
 * ```ts
 * import { getApp } from 'firebase/app';
 * import { getFunctions } from 'firebase/functions';
 * import { createSessionsClient, memoryStorage } from 'kb-sessions-client';
 *
 * const sessions = createSessionsClient(getFunctions(getApp()), { storage: memoryStorage() });
 * console.log(await sessions.pending());
 * ```
 */
export const memoryStorage = (): OutboxStorage => {
  const queues = new Map<string, Map<string, PendingOperation>>();
  const listeners: (() => void)[] = [];
  const queueOf = (user: string) => queues.get(user) ?? new Map<string, PendingOperation>();
  const notify = () => {
    for (const listener of listeners) listener();
  };
  return {
    list: async (user) => [...queueOf(user)].map(([key, value]) => ({ key, value: structuredClone(value) })),
    add: async (user, operation) => {
      queues.set(user, queueOf(user).set(operation.id, structuredClone(operation)));
      notify();
    },
    update: async (user, key, operation) => {
      const queue = queueOf(user);
      if (queue.has(key)) queue.set(key, structuredClone(operation));
    },
    remove: async (user, key) => {
      const removed = queueOf(user).delete(key);
      if (removed) notify();
      return removed;
    },
    withLock: createKeyedMutex(),
    onChange: (listener) => void listeners.push(listener),
  };
};
