import { SessionError } from 'kb-sessions-contract/errors';
import { nonEmptyTextSchema } from 'kb-sessions-contract/text';
import * as z from 'zod';

/** Where an export goes on: behind this document of that collection. */
export type ExportPosition = { kind: 'sessions' | 'messages'; after: string };

/** Whatever Firestore takes for an id (firebase.google.com/docs/firestore/quotas): ours are uuids, but who imports has others. */
const documentId = nonEmptyTextSchema(1500).refine((id) => !/\/|^\.\.?$|^__.*__$/s.test(id));
const positionSchema = z.tuple([z.enum(['sessions', 'messages']), documentId]);

export const encodeExportCursor = ({ kind, after }: ExportPosition): string =>
  Buffer.from(JSON.stringify([kind, after])).toString('base64url');

/** @throws SessionError `invalid-argument` for a cursor that no export gave out. */
export const decodeExportCursor = (cursor: string): ExportPosition => {
  try {
    const [kind, after] = positionSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { kind, after };
  } catch {
    throw new SessionError('invalid-argument', 'cursor must be one that an export returned', {
      field: 'cursor',
    });
  }
};
