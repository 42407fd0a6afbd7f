import type { DocumentReference, Firestore } from 'firebase-admin/firestore';

/** Paths are built here alone, and from ids that were checked. */
export const sessionsCollection = (db: Firestore) => db.collection('kb_sessions');
export const messagesCollection = (db: Firestore) => db.collection('kb_messages');

/** A shard of the counters of a day (`yyyy-mm-dd`). */
export const dayShardDocument = (db: Firestore, day: string, shard: number): DocumentReference =>
  db.doc(`kb_analytics/${day}/shards/${shard}`);

export const tombstonesCollection = (db: Firestore) => db.collection('kb_tombstones');

/** The mark that a user was erased. A uid may hold any character, an id of a document may not. */
export const tombstoneDocument = (db: Firestore, user_id: string): DocumentReference =>
  tombstonesCollection(db).doc(`uid_${encodeURIComponent(user_id)}`);

/** Whose mark this is, by the id of its document. */
export const tombstoneOwner = (tombstone_id: string): string =>
  decodeURIComponent(tombstone_id.slice('uid_'.length));
