import { unsupportedError } from './rpc-error.ts';
import type { Fields, Value } from './wire.ts';

/** A name, or one in backquotes, which may hold anything but those. */
const FIRST = /^(?:`([^`\\]+)`|([^`.]+))(?:\.|$)/;

const partsOf = (fieldPath: string): [first: string, rest: string] => {
  const found = FIRST.exec(fieldPath);
  const first = found?.[1] ?? found?.[2];
  if (!found || first === undefined) throw unsupportedError(`field path ${fieldPath}`);
  return [first, fieldPath.slice(found[0].length)];
};

export const valueAt = (fields: Fields, fieldPath: string): Value | undefined => {
  const [first, rest] = partsOf(fieldPath);
  const value = fields[first];
  if (rest === '' || value === undefined) return value;
  return valueAt(value.mapValue?.fields ?? {}, rest);
};

/** A copy of `fields` with `value` at a path; without a value there, if it is undefined. */
export const withValueAt = (fields: Fields, fieldPath: string, value: Value | undefined): Fields => {
  const [first, rest] = partsOf(fieldPath);
  const { [first]: before, ...others } = fields;
  if (rest !== '') {
    const inner = withValueAt(before?.mapValue?.fields ?? {}, rest, value);
    if (value === undefined && !before?.mapValue) return fields;
    return { ...others, [first]: { mapValue: { fields: inner } } };
  }
  return value === undefined ? others : { ...others, [first]: value };
};
