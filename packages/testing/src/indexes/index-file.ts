import type { Direction, Scope } from './query-shape.ts';

export type Mode = { order: Direction } | { arrayConfig: 'CONTAINS' };

export type IndexedField = { fieldPath: string } & Mode;

export type CompositeIndex = {
  collectionGroup: string;
  queryScope: Scope;
  fields: readonly IndexedField[];
};

/** Replaces the automatic indexes of a field and of the fields inside it. */
export type FieldOverride = {
  collectionGroup: string;
  fieldPath: string;
  ttl?: boolean;
  indexes: readonly ({ queryScope: Scope } & Mode)[];
};

/** The contents of firestore.indexes.json. */
export type IndexFile = {
  indexes: readonly CompositeIndex[];
  fieldOverrides: readonly FieldOverride[];
};

/** The indexes of each field without an override. There are none for collection groups. */
const AUTOMATIC: FieldOverride['indexes'] = [
  { order: 'ASCENDING', queryScope: 'COLLECTION' },
  { order: 'DESCENDING', queryScope: 'COLLECTION' },
  { arrayConfig: 'CONTAINS', queryScope: 'COLLECTION' },
];

/**
 * Returns the single-field indexes of a field: those of its override, else of the override of the nearest enclosing field,
 * else of the collection's `*`, else the automatic ones.
 */
export const fieldIndexes = (file: IndexFile, collection: string, field: string): FieldOverride => {
  const overrides = file.fieldOverrides.filter(({ collectionGroup }) => collectionGroup === collection);
  const withoutOverride = { collectionGroup: collection, fieldPath: field };
  const segments = field.split('.');
  const enclosing = segments.map((_, index) => segments.slice(0, segments.length - index).join('.'));
  for (const path of [...enclosing, '*']) {
    const override = overrides.find(({ fieldPath }) => fieldPath === path);
    if (override) return path === field ? override : { ...withoutOverride, indexes: override.indexes };
  }
  return { ...withoutOverride, indexes: AUTOMATIC };
};
