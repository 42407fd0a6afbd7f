import type { Firestore } from 'firebase-admin/firestore';
import type { Journal, ReadCache, SessionStore } from 'kb-sessions';
import type { OutboxStorage } from 'kb-sessions-client';

/** What of a world is replaced by something that is broken on purpose. */
export type Variant = {
  /** The connection to Firestore: of an instance, and of the trigger and the jobs. */
  client(db: Firestore): Firestore;
  /** The store on Firestore, below the breaker. */
  primary(store: SessionStore): SessionStore;
  journal(journal: Journal): Journal;
  /** What calls are answered from. */
  store(store: SessionStore, cache: ReadCache): SessionStore;
  /** Where a client keeps what is volatile. */
  storage(storage: OutboxStorage): OutboxStorage;
};

/** Everything as it is. */
export const AS_IT_IS: Variant = {
  client: (db) => db,
  primary: (store) => store,
  journal: (journal) => journal,
  store: (store) => store,
  storage: (storage) => storage,
};
