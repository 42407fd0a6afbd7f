import { type DocumentData, FieldValue, Timestamp } from 'firebase-admin/firestore';
import type { Erasure } from '../erasure.ts';
import type { Message, RecentMessage, Session } from '../records.ts';

/** Times are ISO strings in records and Timestamps in documents; everything else is stored as it is. */
const TIMES = [
  ...['created_at', 'last_activity', 'expires_at', 'ended_at', 'purge_at'],
  ...['asked_at', 'swept_at', 'sweep_at', 'completed_at'],
];

export const timestampOf = (time: string): Timestamp => Timestamp.fromMillis(Date.parse(time));

const encodeValue = (key: string, value: unknown): unknown => {
  if (TIMES.includes(key) && typeof value === 'string') return timestampOf(value);
  if (key === 'recent') return (value as RecentMessage[]).map(encode);
  return value;
};

/** What is `undefined` is left out. Made for every call, so without lists in between; Firestore has no field `__proto__`. */
const mapFields = (record: object, change: (key: string, value: unknown) => unknown): DocumentData => {
  const mapped: DocumentData = {};
  for (const [key, value] of Object.entries(record))
    if (value !== undefined) mapped[key] = change(key, value);
  return mapped;
};

export const encode = (record: object): DocumentData => mapFields(record, encodeValue);

const decodeValue = (key: string, value: unknown): unknown => {
  if (value instanceof Timestamp) return value.toDate().toISOString();
  if (key === 'recent') return (value as DocumentData[]).map(decode);
  return value;
};

const decode = (data: DocumentData): DocumentData => mapFields(data, decodeValue);

/** What we wrote comes back as it was: documents are not parsed again on every read. */
export const decodeSession = (data: DocumentData): Session => decode(data) as Session;
export const decodeMessage = (data: DocumentData): Message => decode(data) as Message;
export const decodeErasure = (data: DocumentData): Erasure => decode(data) as Erasure;

/** The fields in which `after` differs from `before`, for an update that leaves the rest (the counters) alone. */
export const changedFields = (before: Session, after: Session): DocumentData => {
  const was = new Map<string, unknown>(Object.entries(before));
  const changed = Object.entries(after).filter(([key, value]) => was.get(key) !== value);
  return encode(Object.fromEntries(changed));
};

/** Increments of the counters that move. */
export const increments = (counters: Record<string, number>): DocumentData =>
  Object.fromEntries(
    Object.entries(counters)
      .filter(([, by]) => by !== 0)
      .map(([key, by]) => [key, FieldValue.increment(by)]),
  );
