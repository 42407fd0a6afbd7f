import { createKeyedMutex } from './keyed-mutex.ts';
import type { PendingOperation } from './pending-operation.ts';
import type { OutboxStorage } from './storage.ts';

/** An {@link OutboxStorage} as lasting as this process or page. Clients that are given the same one share its queues. */
export const memoryStorage = (): OutboxStorage => {
  const queues = new Map<string, Map<string, PendingOperation>>();
  const listeners: (() => void)[] = [];
  const queueOf = (user: string) => queues.get(user) ?? new Map<string, PendingOperation>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  return {
    list: async (user) => [...queueOf(user)].map(([key, value]) => ({ key, value: structuredClone(value) })),
    add: async (user, operation) => {
      queues.set(user, queueOf(user).set(operation.id, structuredClone(operation)));
      changed();
    },
    update: async (user, key, operation) => {
      const queue = queueOf(user);
      if (queue.has(key)) queue.set(key, structuredClone(operation));
    },
    remove: async (user, key) => {
      const taken = queueOf(user).delete(key);
      if (taken) changed();
      return taken;
    },
    withLock: createKeyedMutex(),
    onChange: (listener) => void listeners.push(listener),
  };
};
