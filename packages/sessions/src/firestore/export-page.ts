import { type CollectionReference, DocumentReference, FieldPath, Timestamp } from 'firebase-admin/firestore';
import {
  type ExportedMessage,
  type ExportedSession,
  MESSAGE_FIELDS,
  SESSION_FIELDS,
} from 'kb-sessions-contract/export-schema';
import { decodeCursor, EXPORT_CURSOR, encodeCursor } from '../cursor.ts';
import { recordCost } from '../operation-cost.ts';
import { mapErrors } from './classify-error.ts';
import type { FirestoreContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import { messagesCollection, sessionsCollection } from './documents.ts';

/** A page of an export. */
export type ExportPage = {
  sessions: ExportedSession[];
  messages: ExportedMessage[];
  /** The cursor of the next page; null on the last page. */
  next_cursor: string | null;
};

/**
 * Returns a page of everything that Firestore holds of a user: sessions by id, then messages by id. A record that exists
 * during the whole export appears exactly once; a record that is created or deleted meanwhile may appear.
 *
 * Cost: one read per record and at most one more; at most two round trips.
 *
 * @param options `limit`: sessions and messages together, 1 to 100. `cursor`: the `next_cursor` of the page before; null
 * for the first page.
 * @throws SessionError `invalid-argument`, field `cursor`, for a cursor that no export returned; `unavailable`
 * @example
 * ```ts
 * import { type ExportPage, exportPage, type FirestoreContext } from 'kb-sessions/firestore';
 *
 * export async function* exportPages(context: FirestoreContext, owner: string): AsyncGenerator<ExportPage> {
 *   let cursor: string | null = null;
 *   do {
 *     const page: ExportPage = await exportPage(context, { owner, limit: 100, cursor });
 *     yield page;
 *     cursor = page.next_cursor;
 *   } while (cursor !== null);
 * }
 * ```
 */
export const exportPage = async (
  context: FirestoreContext,
  { owner, limit, cursor }: { owner: string; limit: number; cursor: string | null },
): Promise<ExportPage> => {
  const [start, after] =
    cursor === null ? (['sessions', null] as const) : decodeCursor(EXPORT_CURSOR, cursor);
  const sessions =
    start === 'messages'
      ? []
      : await readRecords(context, sessionsCollection(context.db), SESSION_FIELDS, { owner, limit, after });
  const room = limit - sessions.length;
  const messages =
    room === 0
      ? []
      : await readRecords(context, messagesCollection(context.db), MESSAGE_FIELDS, {
          owner,
          limit: room,
          after: start === 'messages' ? after : null,
        });
  const isFull = messages.length === room;
  const last = messages.at(-1) ?? sessions.at(-1);
  const collection = messages.length > 0 ? 'messages' : 'sessions';
  return {
    sessions: sessions.map(({ record }) => record as ExportedSession),
    messages: messages.map(({ record }) => record as ExportedMessage),
    next_cursor: isFull && last ? encodeCursor([collection, last.id]) : null,
  };
};

/** The next documents of an owner, ordered by id, with the given fields. A field that a document lacks is null. */
const readRecords = async (
  context: FirestoreContext,
  collection: CollectionReference,
  fields: string[],
  { owner, limit, after }: { owner: string; limit: number; after: string | null },
): Promise<{ id: string; record: object }[]> => {
  const query = collection
    .where('user_id', '==', owner)
    .orderBy(FieldPath.documentId())
    .select(...fields)
    .limit(limit);
  const page = await mapErrors(
    withDeadline(context, (after === null ? query : query.startAfter(after)).get()),
  );
  recordCost(Math.max(1, page.size), 0);
  return page.docs.map((document) => ({
    id: document.id,
    record: Object.fromEntries(fields.map((field) => [field, toJsonValue(document.get(field))])),
  }));
};

/**
 * A stored value as JSON. Times become ISO strings. Values that JSON cannot express (numbers that are not finite, bytes,
 * references) become text: a callable cannot return them, and one such value must not make the whole export fail.
 */
const toJsonValue = (value: unknown): unknown => {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object') return value;
  if (value instanceof Timestamp) return value.toDate().toISOString();
  if (value instanceof DocumentReference) return value.path;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toJsonValue);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJsonValue(item)]));
};
