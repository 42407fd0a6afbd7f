import { fieldIndexes, type IndexFile } from 'kb-sessions-testing/internal/indexes/index-file';

export type Value = null | boolean | number | string | Date | readonly Value[] | Fields;
export interface Fields {
  readonly [field: string]: Value;
}

/** A document as it is stored. */
export interface StoredDocument {
  /** Of the collection and the document, as in `users/alice`. */
  readonly path: string;
  readonly fields: Fields;
}

/** What an index holds of a document. */
export interface IndexEntry {
  /** Its collection, so that sub-collections of one name have one each. */
  readonly collection: string;
  readonly fields: readonly string[];
  readonly directions: readonly string[];
  readonly values: readonly Value[];
  readonly document: string;
}

/**
 * What the indexes of a database hold of a document: those of single fields, of which an array has one entry for each
 * element and a map those of its fields, and the composite ones that have all their fields in it
 * (https://firebase.google.com/docs/firestore/query-data/index-overview).
 */
export function indexEntries(file: IndexFile, { path, fields }: StoredDocument): IndexEntry[] {
  const collection = path.slice(0, path.lastIndexOf('/'));
  const group = collection.slice(collection.lastIndexOf('/') + 1);
  const found = { collection, document: path };
  const leaves = leavesOf(fields);
  const single = leaves.flatMap(([field, value]) =>
    fieldIndexes(file, group, field).indexes.flatMap((index): IndexEntry[] => {
      const entry = { ...found, fields: [field] };
      if ('order' in index) {
        return isArray(value) ? [] : [{ ...entry, directions: [index.order], values: [value] }];
      }
      return isArray(value)
        ? distinct(value).map((element) => ({
            ...entry,
            directions: [index.arrayConfig],
            values: [element],
          }))
        : [];
    }),
  );
  const known = new Map(leaves);
  const composite = file.indexes
    .filter(({ collectionGroup }) => collectionGroup === group)
    .flatMap(({ fields }): IndexEntry[] => {
      const values = fields.flatMap(({ fieldPath }) => {
        const value = known.get(fieldPath);
        return value === undefined ? [] : [value];
      });
      if (values.length < fields.length) return [];
      const directions = fields.map((field) => ('order' in field ? field.order : field.arrayConfig));
      return [{ ...found, fields: fields.map(({ fieldPath }) => fieldPath), directions, values }];
    });
  return [...single, ...composite];
}

function leavesOf(fields: Fields, prefix = ''): [string, Value][] {
  return Object.entries(fields).flatMap(([name, value]): [string, Value][] =>
    isMap(value) ? leavesOf(value, `${prefix}${name}.`) : [[`${prefix}${name}`, value]],
  );
}

function distinct(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

export function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is Fields {
  return typeof value === 'object' && value !== null && !isArray(value) && !(value instanceof Date);
}
