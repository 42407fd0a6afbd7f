import { type DocumentData, Timestamp } from 'firebase-admin/firestore';
import type { Fields, StoredDocument, Value } from 'kb-sessions-testing';

const plainValue = (value: Value): unknown => {
  if (value.nullValue !== undefined) return null;
  if (value.timestampValue) return timestampOf(value.timestampValue);
  if (value.mapValue) return plain(value.mapValue.fields ?? {});
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(plainValue);
  const number = value.integerValue ?? value.doubleValue;
  return number === undefined ? (value.stringValue ?? value.booleanValue) : Number(number);
};

export const timestampOf = ({ seconds = 0, nanos = 0 }: StoredDocument['updateTime']): Timestamp =>
  new Timestamp(Number(seconds), nanos);

/** What a snapshot's `data()` gives, of a document that a model told of. */
export const plain = (fields: Fields): DocumentData =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, plainValue(value)]));
