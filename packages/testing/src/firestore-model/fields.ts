import { unsupportedError } from './rpc-error.ts';
import type { Fields, Value } from './wire.ts';

/** The first segment of a field path: a name, or any text in backquotes. */
const FIRST_SEGMENT = /^(?:`([^`\\]+)`|([^`.]+))(?:\.|$)/;

const splitFirst = (fieldPath: string): [first: string, rest: string] => {
  const found = FIRST_SEGMENT.exec(fieldPath);
  const first = found?.[1] ?? found?.[2];
  if (!found || first === undefined) throw unsupportedError(`field path ${fieldPath}`);
  return [first, fieldPath.slice(found[0].length)];
};

/** Returns the value at a field path; undefined if there is none. */
export const valueAt = (fields: Fields, fieldPath: string): Value | undefined => {
  const [first, rest] = splitFirst(fieldPath);
  const value = fields[first];
  if (rest === '' || value === undefined) return value;
  return valueAt(value.mapValue?.fields ?? {}, rest);
};

/** Returns a copy of `fields` with `value` at a field path, or without a value there if it is undefined. */
export const withValueAt = (fields: Fields, fieldPath: string, value: Value | undefined): Fields => {
  const [first, rest] = splitFirst(fieldPath);
  const { [first]: before, ...others } = fields;
  if (rest !== '') {
    const inner = withValueAt(before?.mapValue?.fields ?? {}, rest, value);
    if (value === undefined && !before?.mapValue) return fields;
    return { ...others, [first]: { mapValue: { fields: inner } } };
  }
  return value === undefined ? others : { ...others, [first]: value };
};
