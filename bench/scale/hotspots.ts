import type { Footprint } from './footprint.ts';

/** The params that spread what every session writes. */
export interface Shards {
  readonly EXPIRY_SHARDS: number;
  readonly ANALYTICS_SHARDS: number;
}

/** An index or a document that every session writes. */
export interface Hotspot {
  readonly name: string;
  /** Absent where nothing spreads it. */
  readonly spreadBy?: keyof Shards | undefined;
  /** Writes a second, over all shards. */
  readonly perSecond: number;
}

type Rated = readonly (readonly [perSecond: number, operation: Footprint])[];

/** The indexes whose end every session writes, hottest first. */
export function hotIndexes(operations: Rated, shards: Shards): Hotspot[] {
  return gathered(
    operations.flatMap(([perSecond, operation]) =>
      operation.hotIndexes.map(({ index, lead, entries }) => ({
        name: index,
        ...(lead.includes('expiry_shard') ? { spreadBy: 'EXPIRY_SHARDS' as const } : {}),
        perSecond: perSecond * entries,
      })),
    ),
    shards,
  );
}

/** The documents that every session writes, hottest first. */
export function hotDocuments(operations: Rated, shards: Shards): Hotspot[] {
  return gathered(
    operations.flatMap(([perSecond, { shared }]) =>
      Object.entries(shared).map(([group, documents]) => ({
        name: group,
        ...(group === 'shards' ? { spreadBy: 'ANALYTICS_SHARDS' as const } : {}),
        perSecond: perSecond * documents,
      })),
    ),
    shards,
  );
}

/** Writes a second in each shard. */
export function ofEachShard({ perSecond, spreadBy }: Hotspot, shards: Shards): number {
  return spreadBy === undefined ? perSecond : perSecond / shards[spreadBy];
}

function gathered(places: readonly Hotspot[], shards: Shards): Hotspot[] {
  const byName = new Map<string, Hotspot>();
  for (const place of places) {
    const perSecond = place.perSecond + (byName.get(place.name)?.perSecond ?? 0);
    byName.set(place.name, { ...place, perSecond });
  }
  return [...byName.values()].toSorted((a, b) => ofEachShard(b, shards) - ofEachShard(a, shards));
}
