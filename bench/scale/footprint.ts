import type { IndexFile } from 'kb-sessions-testing/internal/indexes/index-file';
import { type IndexEntry, indexEntries, type Value } from './index-entries.ts';
import type { Snapshot } from './snapshot.ts';

interface Change {
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/** An index that the sessions of all users write at one place: its end, because the values only grow. */
export interface HotIndex {
  readonly index: string;
  /** What stands before the growing value, and so spreads it if it has many values. */
  readonly lead: string;
  /** New entries by one piece of work. */
  readonly entries: number;
}

/** Where a piece of work leaves its traces. */
export interface Footprint {
  /** Writes to documents, by collection group. */
  readonly documents: Readonly<Record<string, number>>;
  /** Of those, what every session writes. */
  readonly shared: Readonly<Record<string, number>>;
  /** Index entries added and removed. */
  readonly indexEntries: number;
  readonly hotIndexes: readonly HotIndex[];
}

/**
 * What one piece of work leaves, and what of it meets at one place, by what the same does for another user's session:
 * each by a database before, in between and after. Of two writes to a document between two snapshots one is seen.
 */
export function footprintOf(
  file: IndexFile,
  one: readonly Snapshot[],
  other: readonly Snapshot[],
): Footprint {
  const [changes, theirChanges] = [changesOf(one), changesOf(other)];
  const written = changes.flatMap(writtenBy);
  const theirPaths = new Set(theirChanges.flatMap(writtenBy));
  const shared = written.filter((path) => theirPaths.has(path));
  const both = new Set(shared);
  const ours = changes.map((change) => entriesOf(file, change));
  const theirs = theirChanges
    .flatMap((change) => entriesOf(file, change).added)
    .map((entry) => growingIn(entry, both));
  const hot = new Map<string, HotIndex & { readonly directions: string }>();
  for (const entry of ours.flatMap(({ added }) => added)) {
    const growing = growingIn(entry, both);
    if (growing === null || !theirs.some((place) => place?.place === growing.place)) continue;
    const { index, lead, directions } = growing;
    const before = hot.get(index) ?? { index, lead, directions, entries: 0 };
    // A field that is indexed in both directions is as hot in the other.
    if (before.directions === directions) hot.set(index, { ...before, entries: before.entries + 1 });
  }
  return {
    documents: byGroup(written),
    shared: byGroup(shared),
    indexEntries: ours.reduce((sum, { added, removed }) => sum + added.length + removed.length, 0),
    hotIndexes: [...hot.values()].map(({ index, lead, entries }) => ({ index, lead, entries })),
  };
}

function changesOf([before, ...rest]: readonly Snapshot[]): Change[] {
  const [after] = rest;
  return before && after ? [{ before, after }, ...changesOf(rest)] : [];
}

function writtenBy({ before, after }: Change): string[] {
  return [...after.keys()].filter(
    (path) => JSON.stringify(after.get(path)) !== JSON.stringify(before.get(path)),
  );
}

function entriesOf(file: IndexFile, change: Change): { added: IndexEntry[]; removed: IndexEntry[] } {
  const all = (snapshot: Snapshot) =>
    new Map(
      writtenBy(change).flatMap((path) => {
        const document = snapshot.get(path);
        if (!document) return [];
        return indexEntries(file, document).map((entry) => [JSON.stringify(entry), entry] as const);
      }),
    );
  const [before, after] = [all(change.before), all(change.after)];
  const without = (from: Map<string, IndexEntry>, those: Map<string, IndexEntry>) =>
    [...from].filter(([key]) => !those.has(key)).map(([, entry]) => entry);
  return { added: without(after, before), removed: without(before, after) };
}

/** The place in an index where a value that grows is entered, or null where none does. */
function growingIn(entry: IndexEntry, shared: ReadonlySet<string>) {
  const at = entry.values.findIndex((value) => grows(value, shared.has(entry.document)));
  if (at < 0) return null;
  const { collection, fields, directions } = entry;
  const lead = entry.values.slice(0, at);
  return {
    // Without the ids of a day or a session.
    index: `${collection.replace(/\/[^/]+\//g, '/…/')} (${fields.join(', ')})`,
    lead: fields.slice(0, at).join(', '),
    directions: directions.join(),
    place: JSON.stringify([collection, fields, directions, lead]),
  };
}

/** Times grow, also at the front of an id (UUID versions 6 and 7), and so does what is counted where every session counts. */
function grows(value: Value, shared: boolean): boolean {
  if (value instanceof Date) return true;
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT|^[0-9a-f]{8}-[0-9a-f]{4}-[67]/.test(value);
  return typeof value === 'number' && (shared || value > Date.UTC(2020));
}

function byGroup(paths: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const path of paths) {
    const group = path.split('/').at(-2) ?? '';
    counts[group] = (counts[group] ?? 0) + 1;
  }
  return counts;
}
