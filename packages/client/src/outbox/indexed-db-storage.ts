import { type IDBPDatabase, openDB } from 'idb';
import { createKeyedMutex } from './keyed-mutex.ts';
import type { OutboxStorage } from './storage.ts';

/** The database assigns ascending keys and never reuses one. */
type Schema = {
  operations: { key: number; value: unknown; indexes: { id: string } };
};

/**
 * An {@link OutboxStorage} in IndexedDB, which all tabs of the origin share and which outlives them. Each user has a
 * database of its own, so that no operation is attributed to another user. IndexedDB is not encrypted.
 *
 * @param scope - separates users of different projects: the id of the Firebase project
 *
 * @example
 * ```ts
 * import { getApp } from 'firebase/app';
 * import { getFunctions } from 'firebase/functions';
 * import { createSessionsClient, indexedDbStorage } from 'kb-sessions-client';
 *
 * const storage = indexedDbStorage('demo-kb-sessions');
 * const sessions = createSessionsClient(getFunctions(getApp()), { storage });
 * console.log(await sessions.flush());
 * ```
 */
export const indexedDbStorage = (scope: string): OutboxStorage => {
  const databaseName = (user: string): string => `kb-sessions/${scope}/${user}`;
  const listeners: (() => void)[] = [];
  const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(`kb-sessions/${scope}`) : null;
  const notify = () => {
    for (const listener of listeners) listener();
  };
  channel?.addEventListener('message', notify);
  const notifyAllTabs = () => {
    notify();
    channel?.postMessage('changed');
  };

  const withDatabase = async <T>(
    user: string,
    run: (database: IDBPDatabase<Schema>) => Promise<T>,
  ): Promise<T> => {
    const database = await openDB<Schema>(databaseName(user), 1, {
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
      withDatabase(user, async (database) => {
        const { store } = database.transaction('operations');
        const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()]);
        return keys.map((key, index) => ({ key: String(key), value: values[index] }));
      }),
    add: async (user, operation) => {
      await withDatabase(user, async (database) => {
        const { store, done } = database.transaction('operations', 'readwrite', { durability: 'strict' });
        const key = await store.index('id').getKey(operation.id);
        await Promise.all([store.put(operation, key), done]);
      });
      notifyAllTabs();
    },
    update: (user, key, operation) =>
      withDatabase(user, async (database) => {
        const { store, done } = database.transaction('operations', 'readwrite');
        const found = await store.getKey(Number(key));
        await Promise.all([found !== undefined && store.put(operation, found), done]);
      }),
    remove: async (user, key) => {
      const removed = await withDatabase(user, async (database) => {
        const { store, done } = database.transaction('operations', 'readwrite', { durability: 'strict' });
        const found = await store.getKey(Number(key));
        await Promise.all([found !== undefined && store.delete(found), done]);
        return found !== undefined;
      });
      if (removed) notifyAllTabs();
      return removed;
    },
    withLock:
      'locks' in navigator
        ? (user, run) => navigator.locks.request(databaseName(user), run)
        : createKeyedMutex(),
    onChange: (listener) => void listeners.push(listener),
  };
};
