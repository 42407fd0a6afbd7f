import { type DocumentData, FieldValue, Timestamp } from 'firebase-admin/firestore';
import type { Message, RecentMessage, Session } from 'kb-sessions-contract/records';
import type { Erasure } from '../erasure/state.ts';

/** Times are ISO strings in records and Timestamps in documents; everything else is stored as it is. */
const TIMES = [
  ...['created_at', 'last_activity', 'expires_at', 'ended_at', 'purge_at'],
  ...['asked_at', 'swept_at', 'sweep_at', 'completed_at'],
];

const TIMES_OF_RECENT = ['created_at'];

export const toTimestamp = (time: string): Timestamp => Timestamp.fromMillis(Date.parse(time));

/** For every call, with twenty messages in a session: copied whole, and looked at only where there is something to change. */
const encodeTimes = (record: object, times: readonly string[]): DocumentData => {
  const data: DocumentData = { ...record };
  for (const key of times) if (typeof data[key] === 'string') data[key] = toTimestamp(data[key]);
  return data;
};

const decodeTimes = (data: DocumentData, times: readonly string[]): DocumentData => {
  const record: DocumentData = { ...data };
  for (const key of times)
    if (record[key] instanceof Timestamp) record[key] = record[key].toDate().toISOString();
  return record;
};

/** What is `undefined` is left out. */
export const encodeRecord = (record: object): DocumentData => {
  const data = encodeTimes(record, TIMES);
  for (const [key, value] of Object.entries(record)) if (value === undefined) delete data[key];
  if (data.recent)
    data.recent = data.recent.map((message: RecentMessage) => encodeTimes(message, TIMES_OF_RECENT));
  return data;
};

const decode = (data: DocumentData): DocumentData => {
  const record = decodeTimes(data, TIMES);
  if (record.recent)
    record.recent = record.recent.map((message: DocumentData) => decodeTimes(message, TIMES_OF_RECENT));
  return record;
};

/** What we wrote comes back as it was: documents are not parsed again on every read. */
export const decodeSession = (data: DocumentData): Session => decode(data) as Session;
export const decodeMessage = (data: DocumentData): Message => decode(data) as Message;
export const decodeErasure = (data: DocumentData): Erasure => decode(data) as Erasure;

/** The fields in which `after` differs from `before`, for an update that leaves the rest (the counters) alone. */
export const changedFields = (before: Session, after: Session): DocumentData => {
  const changed = Object.entries(after).filter(([key, value]) => Reflect.get(before, key) !== value);
  return encodeRecord(Object.fromEntries(changed));
};

/** Increments of the counters that move. */
export const toIncrements = (counters: Record<string, number>): DocumentData =>
  Object.fromEntries(
    Object.entries(counters)
      .filter(([, by]) => by !== 0)
      .map(([key, by]) => [key, FieldValue.increment(by)]),
  );
