import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { createKeyedMutex } from './keyed-mutex.ts';
import type { OutboxStorage } from './storage.ts';

/** Keys are numbers that the database gives out in order, each once. */
interface Schema extends DBSchema {
  operations: { key: number; value: unknown; indexes: { id: string } };
}

/**
 * An {@link OutboxStorage} that all tabs of the origin share and that outlives them: a database for each user, so
 * that whatever is in one is never taken for another user's.
 *
 * @param scope - sets apart what has users of its own: a Firebase project's id
 */
export const indexedDbStorage = (scope: string): OutboxStorage => {
  const nameOf = (user: string): string => `kb-sessions/${scope}/${user}`;
  const listeners: (() => void)[] = [];
  const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(`kb-sessions/${scope}`) : null;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  channel?.addEventListener('message', tell);
  const changed = () => {
    tell();
    channel?.postMessage('changed');
  };

  const within = async <T>(user: string, run: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> => {
    const database = await openDB<Schema>(nameOf(user), 1, {
      upgrade: (created) => {
        created.createObjectStore('operations', { autoIncrement: true }).createIndex('id', 'id');
      },
    });
    try {
      return await run(database);
    } finally {
      database.close();
    }
  };

  return {
    list: (user) =>
      within(user, async (database) => {
        const { store } = database.transaction('operations');
        const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()]);
        return keys.map((key, index) => ({ key: String(key), value: values[index] }));
      }),
    add: async (user, operation) => {
      await within(user, async (database) => {
        const { store, done } = database.transaction('operations', 'readwrite', { durability: 'strict' });
        const key = await store.index('id').getKey(operation.id);
        await Promise.all([store.put(operation, key), done]);
      });
      changed();
    },
    update: (user, key, operation) =>
      within(user, async (database) => {
        const { store, done } = database.transaction('operations', 'readwrite');
        const found = await store.getKey(Number(key));
        await Promise.all([found !== undefined && store.put(operation, found), done]);
      }),
    remove: async (user, key) => {
      const taken = await within(user, async (database) => {
        const { store, done } = database.transaction('operations', 'readwrite', { durability: 'strict' });
        const found = await store.getKey(Number(key));
        await Promise.all([found !== undefined && store.delete(found), done]);
        return found !== undefined;
      });
      if (taken) changed();
      return taken;
    },
    withLock:
      'locks' in navigator ? (user, run) => navigator.locks.request(nameOf(user), run) : createKeyedMutex(),
    onChange: (listener) => void listeners.push(listener),
  };
};
