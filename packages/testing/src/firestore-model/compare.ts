import { unsupportedError } from './rpc-error.ts';
import { microsOf } from './times.ts';
import type { Value } from './wire.ts';

/** Returns the rank of a type in Firestore's sort order (firebase.google.com/docs/firestore/manage-data/data-types). */
const typeRank = (value: Value): number => {
  if (value.nullValue !== undefined) return 0;
  if (value.booleanValue !== undefined) return 1;
  if (value.integerValue !== undefined || value.doubleValue !== undefined) return 2;
  if (value.timestampValue) return 3;
  if (value.stringValue !== undefined) return 4;
  if (value.referenceValue !== undefined) return 5;
  if (value.arrayValue) return 6;
  if (value.mapValue) return 7;
  throw unsupportedError(`value like ${JSON.stringify(value)}`);
};

export const isSameType = (a: Value, b: Value): boolean => typeRank(a) === typeRank(b);

export const numberOf = (value: Value): number => Number(value.integerValue ?? value.doubleValue);

/** Document names sort by their segments, and segments by their bytes. */
const comparePaths = (a: string, b: string): number => {
  const [left, right] = [a.split('/'), b.split('/')];
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compareBytes(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
};

const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const compareArrays = (a: Value[], b: Value[]): number => {
  for (const [index, value] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = compareValues(value, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
};

const entriesOf = (value: Value): Value[] =>
  Object.entries(value.mapValue?.fields ?? {})
    .toSorted(([a], [b]) => compareBytes(a, b))
    .flatMap(([key, entry]) => [{ stringValue: key }, entry]);

/** Compares values of any types in Firestore's sort order. Returns a number less than, equal to or greater than 0. */
export const compareValues = (a: Value, b: Value): number => {
  const type = typeRank(a);
  const order = type - typeRank(b);
  if (order !== 0 || type === 0) return order;
  if (type === 1) return Number(a.booleanValue) - Number(b.booleanValue);
  if (type === 2) return numberOf(a) - numberOf(b);
  if (type === 3) return microsOf(a.timestampValue ?? {}) - microsOf(b.timestampValue ?? {});
  if (type === 4) return compareBytes(a.stringValue ?? '', b.stringValue ?? '');
  if (type === 5) return comparePaths(a.referenceValue ?? '', b.referenceValue ?? '');
  if (type === 6) return compareArrays(a.arrayValue?.values ?? [], b.arrayValue?.values ?? []);
  return compareArrays(entriesOf(a), entriesOf(b));
};
