import { type DocumentData, FieldValue, Timestamp } from 'firebase-admin/firestore';
import type { Message, RecentMessage, Session } from 'kb-sessions-contract/records';
import type { Erasure } from '../erasure/state.ts';

/** The fields with times: ISO strings in records, Timestamps in documents. All other fields are stored as they are. */
const TIME_FIELDS = [
  ...['created_at', 'last_activity', 'expires_at', 'ended_at', 'purge_at'],
  ...['asked_at', 'swept_at', 'sweep_at', 'completed_at'],
];

const RECENT_TIME_FIELDS = ['created_at'];

/** An ISO time as a Firestore Timestamp. */
export const toTimestamp = (time: string): Timestamp => Timestamp.fromMillis(Date.parse(time));

/** Runs in every call, for up to twenty messages in a session. So it copies the record whole and tests only the fields with times. */
const encodeTimes = (record: object, fields: readonly string[]): DocumentData => {
  const data: DocumentData = { ...record };
  for (const field of fields) if (typeof data[field] === 'string') data[field] = toTimestamp(data[field]);
  return data;
};

const decodeTimes = (data: DocumentData, fields: readonly string[]): DocumentData => {
  const record: DocumentData = { ...data };
  for (const field of fields)
    if (record[field] instanceof Timestamp) record[field] = record[field].toDate().toISOString();
  return record;
};

/** A record, or some fields of it, as Firestore data. Fields that are `undefined` are omitted. */
export const encodeRecord = (record: object): DocumentData => {
  const data = encodeTimes(record, TIME_FIELDS);
  for (const [key, value] of Object.entries(record)) if (value === undefined) delete data[key];
  if (data.recent)
    data.recent = data.recent.map((message: RecentMessage) => encodeTimes(message, RECENT_TIME_FIELDS));
  return data;
};

const decode = (data: DocumentData): DocumentData => {
  const record = decodeTimes(data, TIME_FIELDS);
  if (record.recent)
    record.recent = record.recent.map((message: DocumentData) => decodeTimes(message, RECENT_TIME_FIELDS));
  return record;
};

/** The record of a session document. It is not validated: the store wrote it. */
export const decodeSession = (data: DocumentData): Session => decode(data) as Session;
/** The record of a message document. It is not validated: the store wrote it. */
export const decodeMessage = (data: DocumentData): Message => decode(data) as Message;
/** The record of a tombstone. It is not validated: the store wrote it. */
export const decodeErasure = (data: DocumentData): Erasure => decode(data) as Erasure;

/** The fields in which `after` differs from `before`, for an update that does not touch the other fields (the counters). */
export const changedFields = (before: Session, after: Session): DocumentData => {
  const changed = Object.entries(after).filter(([key, value]) => Reflect.get(before, key) !== value);
  return encodeRecord(Object.fromEntries(changed));
};

/** Counters as increments. Counters that are 0 are omitted. */
export const toIncrements = (counters: Record<string, number>): DocumentData =>
  Object.fromEntries(
    Object.entries(counters)
      .filter(([, by]) => by !== 0)
      .map(([key, by]) => [key, FieldValue.increment(by)]),
  );
