import { createHash } from 'node:crypto';
import { type Entry, nameOf } from '../fallback/journal.ts';

/** Equal for entries with the same ids and the same content on the same line, whatever else is asked for. */
export const digestOf = (entry: Entry): string => {
  const content = entry.kind === 'create' ? null : entry.operation.messages;
  const identity = [nameOf(entry.operation), entry.kind, entry.entry_id, content];
  return createHash('sha256').update(JSON.stringify(identity, inOrder)).digest('base64url');
};

/** For JSON.stringify: an object's keys in one order, whoever wrote it. */
const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    : value;
