import { SessionError } from 'kb-sessions-contract/errors';
import { isoTimeSchema, sessionIdSchema } from 'kb-sessions-contract/records';
import { nonEmptyTextSchema } from 'kb-sessions-contract/text';
import * as z from 'zod';

/** The kind of a cursor: the schema of the position that it holds, and what returns such cursors, for the error message. */
export type CursorFormat<Position> = { schema: z.ZodType<Position>; source: string };

/** The position in a list of sessions, newest first: the page continues after this session. Firestore's time begins with the year 1. */
export const SESSION_LIST_CURSOR: CursorFormat<[created_at: string, session_id: string]> = {
  schema: z.tuple([isoTimeSchema.refine((time) => time >= '0001'), sessionIdSchema]),
  source: 'a list',
};

/**
 * Any id that Firestore allows for a document (firebase.google.com/docs/firestore/quotas). The ids of this project are
 * UUIDs; imported documents may have others.
 */
const documentIdSchema = nonEmptyTextSchema(1500).refine((id) => !/\/|^\.\.?$|^__.*__$/s.test(id));

/** The position in an export: the page continues after this document of this collection. */
export const EXPORT_CURSOR: CursorFormat<[collection: 'sessions' | 'messages', document_id: string]> = {
  schema: z.tuple([z.enum(['sessions', 'messages']), documentIdSchema]),
  source: 'an export',
};

/** A position as a string that fits into a URL and a payload. Its form is not part of the contract. */
export const encodeCursor = (position: readonly string[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

/**
 * The position that a cursor holds.
 *
 * @throws SessionError `invalid-argument` for a cursor that {@link encodeCursor} did not make for this format
 */
export const decodeCursor = <Position>(
  { schema, source }: CursorFormat<Position>,
  cursor: string,
): Position => {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new SessionError('invalid-argument', `cursor must be one that ${source} returned`, {
      field: 'cursor',
    });
  }
};
