import type { OutboxStorage, PendingOperation } from '../../src/index.ts';
import { idOf, session_id } from './ids.ts';

/** A kept message; the number names it. */
export const kept = (n: number, change: Partial<PendingOperation> = {}): PendingOperation => {
  const message_id = idOf(n);
  return {
    form: 1,
    id: message_id,
    name: 'addMessage',
    input: { session_id, message_id, role: 'user', content: `message ${n}`, recover: true },
    session_id,
    held_by: null,
    kept_at: '2026-01-01T00:00:00.000Z',
    ...change,
  };
};

const equal = (found: unknown, expected: unknown): void => {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  if (one !== other) throw new Error(`expected ${other}, found ${one}`);
};

const valuesOf = async (storage: OutboxStorage, user: string) =>
  (await storage.list(user)).map(({ value }) => value);

const firstKey = async (storage: OutboxStorage, user: string): Promise<string> =>
  (await storage.list(user))[0]?.key ?? '';

/** What an `OutboxStorage` promises. The cases run wherever the storage does, so they know no test runner. */
export const storageContract: Record<string, (storage: OutboxStorage) => Promise<void>> = {
  'returns the added items unchanged and in order': async (storage) => {
    const added = [3, 1, 2].map((n) => kept(n, { held_by: `journal ${n}` }));
    for (const operation of added) await storage.add('a', operation);
    equal(await valuesOf(storage, 'a'), added);
  },
  'keeps the order of parallel calls': async (storage) => {
    const added = [5, 4, 6].map((n) => kept(n));
    await Promise.all(added.map((operation) => storage.add('a', operation)));
    equal(await valuesOf(storage, 'a'), added);
  },
  'stores an id once, with its last content at its first position': async (storage) => {
    for (const n of [1, 2]) await storage.add('a', kept(n));
    await storage.add('a', kept(1, { held_by: 'new' }));
    equal(await valuesOf(storage, 'a'), [kept(1, { held_by: 'new' }), kept(2)]);
  },
  'separates the items of different users': async (storage) => {
    await storage.add('a', kept(1));
    await storage.add('b', kept(2));
    equal(await valuesOf(storage, 'b'), [kept(2)]);
    equal(await storage.remove('b', await firstKey(storage, 'b')), true);
    equal(await valuesOf(storage, 'a'), [kept(1)]);
    equal(await valuesOf(storage, 'c'), []);
  },
  'updates an existing item, but no removed one': async (storage) => {
    for (const n of [1, 2]) await storage.add('a', kept(n));
    const key = await firstKey(storage, 'a');
    await storage.update('a', key, kept(1, { held_by: 'new' }));
    equal(await valuesOf(storage, 'a'), [kept(1, { held_by: 'new' }), kept(2)]);
    await storage.remove('a', key);
    await storage.update('a', key, kept(1));
    equal(await valuesOf(storage, 'a'), [kept(2)]);
  },
  'lets only one of several callers remove an item': async (storage) => {
    await storage.add('a', kept(1));
    const key = await firstKey(storage, 'a');
    const taken = await Promise.all([1, 2, 3, 4].map(() => storage.remove('a', key)));
    equal(taken.filter(Boolean).length, 1);
    equal(await storage.remove('a', key), false);
    equal(await valuesOf(storage, 'a'), []);
  },
  'ignores an old key after a new item was added': async (storage) => {
    await storage.add('a', kept(1));
    const key = await firstKey(storage, 'a');
    await storage.remove('a', key);
    await storage.add('a', kept(2));
    equal(await storage.remove('a', key), false);
    equal(await valuesOf(storage, 'a'), [kept(2)]);
  },
  'runs one locked task at a time for each user, in order': async (storage) => {
    const seen: string[] = [];
    const inside = (name: string) => async () => {
      seen.push(`${name} in`);
      await storage.list('a');
      seen.push(`${name} out`);
    };
    const failing = storage.withLock('a', async () => {
      await inside('first')();
      throw new Error('first');
    });
    const nested = storage.withLock('a', async () => {
      await storage.withLock('b', inside('of b'));
      return 7;
    });
    equal(await failing.catch(String), 'Error: first');
    equal(await nested, 7);
    await storage.withLock('a', inside('last'));
    equal(seen, ['first in', 'first out', 'of b in', 'of b out', 'last in', 'last out']);
  },
  'reports every change of the number of items': async (storage) => {
    let told = 0;
    storage.onChange(() => told++);
    await storage.add('a', kept(1));
    equal(told, 1);
    await storage.add('b', kept(2));
    equal(told, 2);
    const key = await firstKey(storage, 'a');
    await storage.remove('a', key);
    equal(told, 3);
    await storage.remove('a', key);
    equal(told, 3);
  },
};
