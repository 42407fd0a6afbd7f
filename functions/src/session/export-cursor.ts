import { z } from 'zod';
import { SessionError } from './errors.ts';

/** Where an export goes on: behind this document of that collection. */
export type ExportPosition = { kind: 'sessions' | 'messages'; after: string };

/** Ours are uuids, those of a console letters and digits; so nothing here is a path, or a name that Firestore reserves. */
const documentId = z.string().regex(/^[\da-z-]{1,100}$/i);
const positionSchema = z.tuple([z.enum(['sessions', 'messages']), documentId]);

export const exportCursorOf = ({ kind, after }: ExportPosition): string =>
  Buffer.from(JSON.stringify([kind, after])).toString('base64url');

/** @throws SessionError `invalid-argument` for a cursor that no export gave out. */
export const exportPositionOf = (cursor: string): ExportPosition => {
  try {
    const [kind, after] = positionSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { kind, after };
  } catch {
    throw new SessionError('invalid-argument', 'cursor must be one that an export returned', {
      field: 'cursor',
    });
  }
};
