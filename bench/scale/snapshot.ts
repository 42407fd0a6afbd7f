import type {
  CollectionReference,
  DocumentData,
  Firestore,
} from '../../node_modules/firebase-admin/lib/firestore/index.js';
import type { Fields, StoredDocument, Value } from './index-entries.ts';

/** Everything that a database holds, by path. */
export type Snapshot = ReadonlyMap<string, StoredDocument>;

export async function takeSnapshot(db: Firestore): Promise<Snapshot> {
  const documents: StoredDocument[] = [];
  for (const collection of await db.listCollections()) documents.push(...(await documentsOf(collection)));
  return new Map(documents.map((document) => [document.path, document]));
}

async function documentsOf(collection: CollectionReference): Promise<StoredDocument[]> {
  const documents: StoredDocument[] = [];
  // Also those that are not there, because what is below them may be.
  for (const reference of await collection.listDocuments()) {
    const data = (await reference.get()).data();
    if (data) documents.push({ path: reference.path, fields: fieldsOf(data) });
    for (const below of await reference.listCollections()) documents.push(...(await documentsOf(below)));
  }
  return documents;
}

function fieldsOf(data: DocumentData): Fields {
  return Object.fromEntries(Object.entries(data).map(([field, value]) => [field, read(value)]));
}

function read(value: unknown): Value {
  if (
    value === null ||
    typeof value === 'boolean' ||
    typeof value === 'number' ||
    typeof value === 'string'
  ) {
    return value;
  }
  if (Array.isArray(value)) return value.map(read);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (typeof value !== 'object') throw new Error(`a value of Firestore is needed, found ${typeof value}`);
  if ('toDate' in value && typeof value.toDate === 'function') return value.toDate();
  if ('path' in value && typeof value.path === 'string' && 'firestore' in value) return value.path;
  return fieldsOf(value);
}
