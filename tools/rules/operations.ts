import type { RulesTestContext } from '@firebase/rules-unit-testing';
import {
  collection,
  collectionGroup,
  type DocumentReference,
  doc,
  getCountFromServer,
  getDocFromServer,
  getDocsFromServer,
  limit,
  onSnapshot,
  orderBy,
  type Query,
  type QueryConstraint,
  query,
  runTransaction,
  type SnapshotMetadata,
  type Transaction,
  type Unsubscribe,
  where,
} from 'firebase/firestore';
import { ownerUid } from './callers.ts';
import { recordId } from './records.ts';

/** Firestore as the test contexts hand it out. */
export type Database = ReturnType<RulesTestContext['firestore']>;

/** Where and as whom an operation goes. */
interface Target {
  readonly db: Database;
  /** Path of a collection. */
  readonly path: string;
  /** The caller's uid, null for nobody. */
  readonly uid: string | null;
}

/** Something a client may try; rejects when it is refused. */
export type Operation = (target: Target) => Promise<unknown>;

/** By their names in the matrix. */
export const operations: Readonly<Record<string, Operation>> = {
  'get own': get(({ uid }) => recordId.of(uid)),
  "get the owner's": get(() => recordId.of(ownerUid)),
  'get missing': get(() => recordId.missing),
  'get without user_id': get(() => recordId.withoutUser),
  'get user_id null': get(() => recordId.of(null)),
  'get user_id number': get(() => recordId.userNumber),
  'get user_id list': get(() => recordId.userList),
  'get user_id map': get(() => recordId.userMap),
  'listen to own': listen(({ uid }) => recordId.of(uid)),
  "listen to the owner's": listen(() => recordId.of(ownerUid)),

  'list own': list(own),
  'list own newest': list(
    own,
    () => orderBy('created_at', 'desc'),
    () => limit(20),
  ),
  'list own of a session': list(own, ofOneSession),
  'list in own': list(({ uid }) => where('user_id', 'in', [uid])),
  "list the owner's": list(() => where('user_id', '==', ownerUid)),
  'list all of a session': list(ofOneSession),
  "list in own and another's": list(({ uid }) => where('user_id', 'in', [uid, 'somebody'])),
  'list all but own': list(({ uid }) => where('user_id', '!=', uid)),
  'list all': list(),
  'group own': (target) => getDocsFromServer(query(group(target), own(target))),
  'group all': (target) => getDocsFromServer(group(target)),
  'count own': (target) => getCountFromServer(select(target, own)),
  'count all': (target) => getCountFromServer(select(target)),
  'listen to list of own': listenToList(own),
  'listen to list of all': listenToList(),

  'create own': write((tx, target) => tx.set(fresh(target), { user_id: target.uid })),
  "create the owner's": write((tx, target) => tx.set(fresh(target), { user_id: ownerUid })),
  'update own': write((tx, target) => tx.update(recordOf(target, target.uid), { status: 'ended' })),
  "update the owner's": write((tx, target) => tx.update(recordOf(target, ownerUid), { status: 'ended' })),
  'update adding a field': write((tx, target) => tx.update(recordOf(target, target.uid), { extra: 1 })),
  'update taking user_id': write((tx, target) =>
    tx.update(recordOf(target, ownerUid), { user_id: target.uid }),
  ),
  'delete own': write((tx, target) => tx.delete(recordOf(target, target.uid))),
  "delete the owner's": write((tx, target) => tx.delete(recordOf(target, ownerUid))),
  'delete missing': write((tx, target) => tx.delete(fresh(target))),
};

type Constraint = (target: Target) => QueryConstraint;

function own({ uid }: Target): QueryConstraint {
  return where('user_id', '==', uid);
}

function ofOneSession(): QueryConstraint {
  return where('session_id', '==', 'one');
}

function get(id: (target: Target) => string): Operation {
  return (target) => getDocFromServer(reference(target, id(target)));
}

function list(...constraints: Constraint[]): Operation {
  return (target) => getDocsFromServer(select(target, ...constraints));
}

function listen(id: (target: Target) => string): Operation {
  return (target) =>
    firstFromServer((next, fail) => onSnapshot(reference(target, id(target)), fromServer, next, fail));
}

function listenToList(...constraints: Constraint[]): Operation {
  return (target) =>
    firstFromServer((next, fail) => onSnapshot(select(target, ...constraints), fromServer, next, fail));
}

const fromServer = { includeMetadataChanges: true };

function firstFromServer(
  start: (
    next: (snapshot: { metadata: SnapshotMetadata }) => void,
    fail: (error: Error) => void,
  ) => Unsubscribe,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const stop = start(({ metadata }) => {
    if (!metadata.fromCache) resolve();
  }, reject);
  return promise.finally(stop);
}

// A transaction without reads is one commit, and unlike a plain write it keeps no stream and no queue.
function write(change: (tx: Transaction, target: Target) => unknown): Operation {
  return (target) =>
    runTransaction(target.db, async (tx) => {
      change(tx, target);
    });
}

function select(target: Target, ...constraints: Constraint[]): Query {
  return query(collection(target.db, target.path), ...constraints.map((constraint) => constraint(target)));
}

function group({ db, path }: Target): Query {
  return collectionGroup(db, path.slice(path.lastIndexOf('/') + 1));
}

function reference({ db, path }: Target, id: string): DocumentReference {
  return doc(db, path, id);
}

function fresh(target: Target): DocumentReference {
  return reference(target, crypto.randomUUID());
}

function recordOf(target: Target, uid: string | null): DocumentReference {
  return reference(target, recordId.of(uid));
}
