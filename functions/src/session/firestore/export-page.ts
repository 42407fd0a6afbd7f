import { type CollectionReference, FieldPath } from 'firebase-admin/firestore';
import { charge } from '../cost.ts';
import { type ExportPosition, exportCursorOf, exportPositionOf } from '../export-cursor.ts';
import { type ExportedMessage, type ExportedSession, MESSAGE_FIELDS, SESSION_FIELDS } from '../exported.ts';
import { messagesOf, sessionsOf } from './documents.ts';
import { answered } from './failures.ts';
import { inTime } from './in-time.ts';
import { plainJson } from './plain-json.ts';
import type { FirestoreSetup } from './setup.ts';

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
  setup: FirestoreSetup,
  { owner, limit, cursor }: { owner: string; limit: number; cursor: string | null },
): Promise<ExportPage> => {
  const from = cursor === null ? null : exportPositionOf(cursor);
  const next = (kind: ExportPosition['kind'], room: number) => {
    const [collection, fields] =
      kind === 'sessions' ? [sessionsOf(setup.db), SESSION_FIELDS] : [messagesOf(setup.db), MESSAGE_FIELDS];
    const after = from?.kind === kind ? from.after : null;
    return read(setup, collection, fields, { owner, limit: room, after });
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
    next_cursor: full && last ? exportCursorOf({ kind, after: last.id }) : null,
  };
};

/** The next documents of an owner by id: these fields, whatever is in them, null where they are not there. */
const read = async (
  setup: FirestoreSetup,
  collection: CollectionReference,
  fields: string[],
  { owner, limit, after }: { owner: string; limit: number; after: string | null },
): Promise<{ id: string; record: object }[]> => {
  const own = collection
    .where('user_id', '==', owner)
    .orderBy(FieldPath.documentId())
    .select(...fields)
    .limit(limit);
  const page = await answered(inTime(setup, (after === null ? own : own.startAfter(after)).get()));
  charge(Math.max(1, page.size), 0);
  return page.docs.map((document) => ({
    id: document.id,
    record: Object.fromEntries(fields.map((field) => [field, plainJson(document.get(field))])),
  }));
};
