import { DocumentReference, Timestamp } from 'firebase-admin/firestore';

/**
 * A stored value as JSON, whatever it is: times are ISO strings, and what JSON has no form for (numbers that are not
 * finite, bytes, references) is text. A callable cannot answer with those, and one of them must not keep the rest back.
 */
export const toJsonValue = (value: unknown): unknown => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return value;
  if (value instanceof Timestamp) return value.toDate().toISOString();
  if (value instanceof DocumentReference) return value.path;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toJsonValue);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJsonValue(item)]));
};
