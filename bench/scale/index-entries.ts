import { fieldIndexes, type IndexFile } from 'kb-sessions-testing/internal/indexes/index-file';
import { sumOf } from '../stats.ts';

export type Value = null | boolean | number | string | Date | Value[] | Fields;
export type Fields = { [field: string]: Value };

/** A document and its path, as `users/alice`. */
export type StoredDocument = { path: string; fields: Fields };

export type IndexEntry = {
  /** The path of the collection. Sub-collections of the same name have separate indexes. */
  collection: string;
  fields: string[];
  directions: string[];
  values: Value[];
  /** The path of the document. */
  document: string;
};

/**
 * Returns the entries of a document in all indexes: the single-field indexes, with one entry per distinct element of an
 * array and per field of a map, and the composite indexes whose fields the document has
 * (https://firebase.google.com/docs/firestore/query-data/index-overview).
 */
export const indexEntriesOf = (file: IndexFile, { path, fields }: StoredDocument): IndexEntry[] => {
  const collection = path.slice(0, path.lastIndexOf('/'));
  const group = collection.slice(collection.lastIndexOf('/') + 1);
  const leaves = leavesOf(fields);
  const single = leaves.flatMap(([field, value]) =>
    fieldIndexes(file, group, field).indexes.flatMap((index): IndexEntry[] => {
      const isArrayIndex = 'arrayConfig' in index;
      if (Array.isArray(value) !== isArrayIndex) return [];
      const directions = [isArrayIndex ? index.arrayConfig : index.order];
      const values = Array.isArray(value) ? distinct(value) : [value];
      return values.map((each) => ({
        collection,
        document: path,
        fields: [field],
        directions,
        values: [each],
      }));
    }),
  );
  const valueOfField = new Map(leaves);
  const composite = file.indexes.flatMap((index): IndexEntry[] => {
    const values = index.fields
      .map(({ fieldPath }) => valueOfField.get(fieldPath))
      .filter((value) => value !== undefined);
    if (index.collectionGroup !== group || values.length < index.fields.length) return [];
    const directions = index.fields.map((field) => ('order' in field ? field.order : field.arrayConfig));
    const names = index.fields.map(({ fieldPath }) => fieldPath);
    return [{ collection, document: path, fields: names, directions, values }];
  });
  return [...single, ...composite];
};

const leavesOf = (fields: Fields, prefix = ''): [string, Value][] =>
  Object.entries(fields).flatMap(([name, value]): [string, Value][] =>
    isMap(value) ? leavesOf(value, `${prefix}${name}.`) : [[`${prefix}${name}`, value]],
  );

const distinct = (values: readonly Value[]): Value[] => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
];

const isMap = (value: Value): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

// Sizes in bytes as Firestore bills them (https://firebase.google.com/docs/firestore/storage-size).

const OVERHEAD = 32;
const NAME_OVERHEAD = 16;
const NUMBER_OR_TIME = 8;

export const documentSize = ({ path, fields }: StoredDocument): number =>
  nameSize(path) + valueSize(fields) + OVERHEAD;

/** Returns the size of an entry of an index on a collection. A single-field index contains the name of its field. */
export const entrySize = ({ collection, fields, values, document }: IndexEntry): number => {
  const parent = collection.split('/').slice(0, -1).join('/');
  const fieldName = fields.length === 1 ? sumOf(fields, textSize) : 0;
  return nameSize(document) + nameSize(parent) + fieldName + sumOf(values, valueSize) + OVERHEAD;
};

const nameSize = (path: string): number =>
  sumOf(path === '' ? [] : path.split('/'), textSize) + NAME_OVERHEAD;

const valueSize = (value: Value): number => {
  if (typeof value === 'string') return textSize(value);
  if (typeof value === 'number' || value instanceof Date) return NUMBER_OR_TIME;
  if (Array.isArray(value)) return sumOf(value, valueSize);
  if (!isMap(value)) return 1;
  return sumOf(Object.entries(value), ([field, inner]) => textSize(field) + valueSize(inner));
};

const textSize = (text: string): number => Buffer.byteLength(text) + 1;
