import { notModelled } from './rpc-error.ts';
import type { Fields, Value } from './wire.ts';

const partsOf = (fieldPath: string): [string, string[]] => {
  if (fieldPath.includes('`')) throw notModelled(`quoted field path ${fieldPath}`);
  const [first = '', ...rest] = fieldPath.split('.');
  return [first, rest];
};

export const valueAt = (fields: Fields, fieldPath: string): Value | undefined => {
  const [first, rest] = partsOf(fieldPath);
  const value = fields[first];
  if (rest.length === 0 || value === undefined) return value;
  return valueAt(value.mapValue?.fields ?? {}, rest.join('.'));
};

/** A copy of `fields` with `value` at a path; without a value there, if it is undefined. */
export const withValueAt = (fields: Fields, fieldPath: string, value: Value | undefined): Fields => {
  const [first, rest] = partsOf(fieldPath);
  const { [first]: before, ...others } = fields;
  if (rest.length > 0) {
    const inner = withValueAt(before?.mapValue?.fields ?? {}, rest.join('.'), value);
    if (value === undefined && !before?.mapValue) return fields;
    return { ...others, [first]: { mapValue: { fields: inner } } };
  }
  return value === undefined ? others : { ...others, [first]: value };
};
