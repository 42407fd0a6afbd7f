import type { Firestore } from 'firebase-admin/firestore';
import type { SessionStore } from '../../src/session/index.ts';

/** What of an instance is replaced by something that is broken on purpose. */
export type Variant = {
  client(db: Firestore): Firestore;
  store(store: SessionStore): SessionStore;
};

/** The code as it is. */
export const AS_IT_IS: Variant = { client: (db) => db, store: (store) => store };
