import type { IndexFile } from 'kb-sessions-testing/internal/indexes/index-file';
import type {
  CollectionReference,
  Firestore,
} from '../../node_modules/firebase-admin/lib/firestore/index.js';
import { sumOf } from '../stats.ts';
import {
  type Fields,
  type IndexEntry,
  indexEntriesOf,
  type StoredDocument,
  type Value,
} from './index-entries.ts';

/** All documents of a database, by path. */
export type Snapshot = ReadonlyMap<string, StoredDocument>;

export const takeSnapshot = async (db: Firestore): Promise<Snapshot> => {
  const collections = await db.listCollections();
  const documents: StoredDocument[] = [];
  for (const collection of collections) documents.push(...(await documentsOf(collection)));
  return new Map(documents.map((document) => [document.path, document]));
};

const documentsOf = async (collection: CollectionReference): Promise<StoredDocument[]> => {
  const documents: StoredDocument[] = [];
  // Includes missing documents, because they may have sub-collections.
  for (const reference of await collection.listDocuments()) {
    const data = (await reference.get()).data();
    if (data) documents.push({ path: reference.path, fields: fieldsOf(data) });
    for (const below of await reference.listCollections()) documents.push(...(await documentsOf(below)));
  }
  return documents;
};

const fieldsOf = (data: object): Fields =>
  Object.fromEntries(Object.entries(data).map(([field, value]) => [field, fieldValueOf(value)]));

const fieldValueOf = (value: unknown): Value => {
  const isScalar = value === null || ['boolean', 'number', 'string'].includes(typeof value);
  if (isScalar) return value as null | boolean | number | string;
  if (Array.isArray(value)) return value.map(fieldValueOf);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (typeof value !== 'object' || value === null)
    throw new Error(`a value of Firestore is required, found ${typeof value}`);
  if ('toDate' in value && typeof value.toDate === 'function') return value.toDate();
  if ('path' in value && typeof value.path === 'string' && 'firestore' in value) return value.path;
  return fieldsOf(value);
};

/** An index that the sessions of all users write at one place, its end, because the values grow. */
type HotIndex = {
  index: string;
  /** The fields before the growing value. If they have many values, they spread the writes. */
  lead: string;
  /** New entries per operation. */
  entries: number;
};

/** The writes of an operation to documents and indexes. */
export type Footprint = {
  /** Document writes by collection group. */
  documents: Record<string, number>;
  /** Those of them to documents that every session writes. */
  shared: Record<string, number>;
  /** Index entries added and removed. */
  indexEntries: number;
  hotIndexes: HotIndex[];
};

/**
 * Returns the footprint of an operation. The same operation of another user's session shows which writes meet at one
 * place. Both are given as snapshots of the database before, during and after the operation. Between two snapshots, two
 * writes to one document count as one.
 */
export const footprintOf = (
  file: IndexFile,
  ours: readonly Snapshot[],
  others: readonly Snapshot[],
): Footprint => {
  const [changes, otherChanges] = [changesOf(file, ours), changesOf(file, others)];
  const written = changes.flatMap(({ paths }) => paths);
  const otherPaths = new Set(otherChanges.flatMap(({ paths }) => paths));
  const shared = new Set(written.filter((path) => otherPaths.has(path)));
  const otherPlaces = new Set(
    otherChanges.flatMap(({ added }) => added).map((entry) => growingPlaceOf(entry, shared)?.place),
  );
  const hot = new Map<string, HotIndex & { directions: string }>();
  for (const entry of changes.flatMap(({ added }) => added)) {
    const growing = growingPlaceOf(entry, shared);
    if (growing === null || !otherPlaces.has(growing.place)) continue;
    const { place: _place, ...names } = growing;
    const counted = hot.get(names.index) ?? { ...names, entries: 0 };
    // A field with an index in each direction is equally hot in both.
    if (counted.directions === names.directions)
      hot.set(names.index, { ...counted, entries: counted.entries + 1 });
  }
  return {
    documents: countByGroup(written),
    shared: countByGroup(written.filter((path) => shared.has(path))),
    indexEntries: sumOf(changes, ({ added, removed }) => added.length + removed.length),
    hotIndexes: [...hot.values()].map(({ index, lead, entries }) => ({ index, lead, entries })),
  };
};

type Change = { paths: string[]; added: IndexEntry[]; removed: IndexEntry[] };

/** Returns the changes from each snapshot to the next. */
const changesOf = (file: IndexFile, snapshots: readonly Snapshot[]): Change[] =>
  snapshots.slice(1).map((after, at) => {
    const before = snapshots[at] ?? new Map();
    const paths = [...after.keys()].filter(
      (path) => JSON.stringify(after.get(path)) !== JSON.stringify(before.get(path)),
    );
    const entriesIn = (snapshot: Snapshot) => {
      const documents = paths.map((path) => snapshot.get(path)).filter((document) => document !== undefined);
      const entries = documents.flatMap((document) => indexEntriesOf(file, document));
      return new Map(entries.map((entry) => [JSON.stringify(entry), entry]));
    };
    const [had, has] = [entriesIn(before), entriesIn(after)];
    const without = (entries: Map<string, IndexEntry>, others: Map<string, IndexEntry>) =>
      [...entries].filter(([key]) => !others.has(key)).map(([, entry]) => entry);
    return { paths, added: without(has, had), removed: without(had, has) };
  });

/** Returns the place in an index at which a growing value is added, or null without such a value. */
const growingPlaceOf = (entry: IndexEntry, shared: ReadonlySet<string>) => {
  const at = entry.values.findIndex((value) => isGrowing(value, shared.has(entry.document)));
  if (at < 0) return null;
  const { collection, fields, directions, values } = entry;
  return {
    // Without the ids of days and sessions.
    index: `${collection.replace(/\/[^/]+\//g, '/…/')} (${fields.join(', ')})`,
    lead: fields.slice(0, at).join(', '),
    directions: directions.join(),
    place: JSON.stringify([collection, fields, directions, values.slice(0, at)]),
  };
};

/** Times grow, also at the start of an id (UUID versions 6 and 7). So do the counters of a shared document. */
const isGrowing = (value: Value, isShared: boolean): boolean => {
  if (value instanceof Date) return true;
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT|^[0-9a-f]{8}-[0-9a-f]{4}-[67]/.test(value);
  return typeof value === 'number' && (isShared || value > Date.UTC(2020));
};

const countByGroup = (paths: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const path of paths) {
    const group = path.split('/').at(-2) ?? '';
    counts[group] = (counts[group] ?? 0) + 1;
  }
  return counts;
};
