import type { DocumentReference, Firestore } from 'firebase-admin/firestore';

// All paths of documents are built in this file, from ids that were checked.

/** The collection of sessions. */
export const sessionsCollection = (db: Firestore) => db.collection('kb_sessions');
/** The collection of messages. */
export const messagesCollection = (db: Firestore) => db.collection('kb_messages');
/** The collection of tombstones. */
export const tombstonesCollection = (db: Firestore) => db.collection('kb_tombstones');

/** A shard of the counters of a day (`yyyy-mm-dd`). */
export const dayShardDocument = (db: Firestore, day: string, shard: number): DocumentReference =>
  db.doc(`kb_analytics/${day}/shards/${shard}`);

/** The tombstone of an erased user. A uid may hold any character; the id of a document may not, so the uid is encoded. */
export const tombstoneDocument = (db: Firestore, user_id: string): DocumentReference =>
  tombstonesCollection(db).doc(`uid_${encodeURIComponent(user_id)}`);

/** The user to whom a tombstone belongs, by the id of its document. */
export const tombstoneOwner = (tombstone_id: string): string =>
  decodeURIComponent(tombstone_id.slice('uid_'.length));
