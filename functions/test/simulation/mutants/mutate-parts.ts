import type { Journal, ReadCache, SessionStore } from 'kb-sessions';
import type { OutboxStorage } from 'kb-sessions-client';
import { AS_IT_IS, type Variant } from '../variant.ts';

/** A part with some of its methods replaced; the others are its own. */
const changed = <Part extends object>(part: Part, change: Partial<Part>): Part =>
  new Proxy(part, {
    get: (_, key) => {
      const own: unknown = Reflect.get(change, key);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(part, key, part);
      return typeof value === 'function' ? value.bind(part) : value;
    },
  });

export const mutatePrimary = (change: (store: SessionStore) => Partial<SessionStore>): Variant => ({
  ...AS_IT_IS,
  primary: (store) => changed(store, change(store)),
});

export const mutateStore = (
  change: (store: SessionStore, cache: ReadCache) => Partial<SessionStore>,
): Variant => ({ ...AS_IT_IS, store: (store, cache) => changed(store, change(store, cache)) });

export const mutateJournal = (change: (journal: Journal) => Partial<Journal>): Variant => ({
  ...AS_IT_IS,
  journal: (journal) => changed(journal, change(journal)),
});

export const mutateStorage = (change: (storage: OutboxStorage) => Partial<OutboxStorage>): Variant => ({
  ...AS_IT_IS,
  storage: (storage) => changed(storage, change(storage)),
});
