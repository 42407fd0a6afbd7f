import { type CollectionReference, DocumentReference, FieldPath, Timestamp } from 'firebase-admin/firestore';
import {
  type ExportedMessage,
  type ExportedSession,
  MESSAGE_FIELDS,
  SESSION_FIELDS,
} from 'kb-sessions-contract/export-schema';
import { decodeExportCursor, type ExportPosition, encodeExportCursor } from '../export/export-cursor.ts';
import { recordCost } from '../operation-cost.ts';
import { mapErrors } from './classify-error.ts';
import type { FirestoreContext } from './context.ts';
import { withDeadline } from './deadline.ts';
import { messagesCollection, sessionsCollection } from './documents.ts';

export type ExportPage = {
  sessions: ExportedSession[];
  messages: ExportedMessage[];
  next_cursor: string | null;
};

/**
 * A page of all that is stored of a user: sessions by id, then messages by id, at most `limit` together. What is there
 * from the first page to the last is in one of them, once; what comes or goes meanwhile may be. At most `limit` + 1
 * reads, two round trips.
 *
 * @throws SessionError `invalid-argument` for a cursor that no export gave out
 */
export const exportPage = async (
  context: FirestoreContext,
  { owner, limit, cursor }: { owner: string; limit: number; cursor: string | null },
): Promise<ExportPage> => {
  const from = cursor === null ? null : decodeExportCursor(cursor);
  const next = (kind: ExportPosition['kind'], room: number) => {
    const [collection, fields] =
      kind === 'sessions'
        ? [sessionsCollection(context.db), SESSION_FIELDS]
        : [messagesCollection(context.db), MESSAGE_FIELDS];
    const after = from?.kind === kind ? from.after : null;
    return read(context, collection, fields, { owner, limit: room, after });
  };
  const sessions = from?.kind === 'messages' ? [] : await next('sessions', limit);
  const room = limit - sessions.length;
  const messages = room === 0 ? [] : await next('messages', room);
  const full = messages.length === room;
  const last = messages.at(-1) ?? sessions.at(-1);
  const kind = messages.length > 0 ? 'messages' : 'sessions';
  return {
    sessions: sessions.map(({ record }) => record as ExportedSession),
    messages: messages.map(({ record }) => record as ExportedMessage),
    next_cursor: full && last ? encodeExportCursor({ kind, after: last.id }) : null,
  };
};

/** The next documents of an owner by id: these fields, whatever is in them, null where they are not there. */
const read = async (
  context: FirestoreContext,
  collection: CollectionReference,
  fields: string[],
  { owner, limit, after }: { owner: string; limit: number; after: string | null },
): Promise<{ id: string; record: object }[]> => {
  const own = collection
    .where('user_id', '==', owner)
    .orderBy(FieldPath.documentId())
    .select(...fields)
    .limit(limit);
  const page = await mapErrors(withDeadline(context, (after === null ? own : own.startAfter(after)).get()));
  recordCost(Math.max(1, page.size), 0);
  return page.docs.map((document) => ({
    id: document.id,
    record: Object.fromEntries(fields.map((field) => [field, toJsonValue(document.get(field))])),
  }));
};

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
