import { type IndexEntry, isArray, isMap, type StoredDocument, type Value } from './index-entries.ts';

// Bytes as Firestore bills them (https://firebase.google.com/docs/firestore/storage-size).

const EXTRA = 32;
const NAME_EXTRA = 16;
const NUMBER_OR_TIME = 8;

export function documentSize({ path, fields }: StoredDocument): number {
  return nameSize(path) + valueSize(fields) + EXTRA;
}

/** Of an index on a collection; a single field has its name in it. */
export function entrySize({ collection, fields, values, document }: IndexEntry): number {
  const parent = collection.split('/').slice(0, -1).join('/');
  const name = fields.length === 1 ? fields.reduce((sum, field) => sum + textSize(field), 0) : 0;
  return nameSize(document) + nameSize(parent) + name + sum(values) + EXTRA;
}

function nameSize(path: string): number {
  const segments = path === '' ? [] : path.split('/');
  return segments.reduce((size, segment) => size + textSize(segment), 0) + NAME_EXTRA;
}

function valueSize(value: Value): number {
  if (typeof value === 'string') return textSize(value);
  if (typeof value === 'number' || value instanceof Date) return NUMBER_OR_TIME;
  if (isArray(value)) return sum(value);
  if (!isMap(value)) return 1;
  return Object.entries(value).reduce((size, [field, inner]) => size + textSize(field) + valueSize(inner), 0);
}

function sum(values: readonly Value[]): number {
  return values.reduce((size: number, value) => size + valueSize(value), 0);
}

function textSize(text: string): number {
  return Buffer.byteLength(text) + 1;
}
