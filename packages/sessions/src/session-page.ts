import { SessionError } from 'kb-sessions-contract/errors';
import { isoTimeSchema, type Session, type Status, sessionIdSchema } from 'kb-sessions-contract/records';
import { type SessionView, toSessionView } from 'kb-sessions-contract/views';
import * as z from 'zod';
import { expireIfDue } from './lifecycle.ts';
import type { Limits } from './limits.ts';

/** Where a list goes on: after this session in the order newest first. */
type Position = { created_at: string; session_id: string };

/** Firestore's time begins with the year 1. */
const positionSchema = z.tuple([isoTimeSchema.refine((time) => time >= '0001'), sessionIdSchema]);

export const encodeSessionCursor = ({ created_at, session_id }: Position): string =>
  Buffer.from(JSON.stringify([created_at, session_id])).toString('base64url');

/** @throws SessionError `invalid-argument` for a cursor that no list gave out. */
export const decodeSessionCursor = (cursor: string): Position => {
  try {
    const [created_at, session_id] = positionSchema.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString()),
    );
    return { created_at, session_id };
  } catch {
    throw new SessionError('invalid-argument', 'cursor must be one that a list returned', {
      field: 'cursor',
    });
  }
};

/** The stored statuses among which sessions of a status are: one past its `expires_at` is expired before it is swept. */
export const storedStatuses = (status: Status): Status[] =>
  status === 'expired' ? ['expired', 'active', 'escalated'] : [status];

/** The page that `found`, at most `limit` sessions newest first, makes. Sessions that are of another status by now leave it shorter. */
export const sessionPage = (
  found: Session[],
  { limit, status }: { limit: number; status: Status | null },
  now: number,
  limits: Limits,
): { sessions: SessionView[]; next_cursor: string | null } => {
  const last = found.at(-1);
  return {
    sessions: found
      .map((session) => expireIfDue(session, now, limits))
      .filter((session) => status === null || session.status === status)
      .map(toSessionView),
    next_cursor: found.length < limit || last === undefined ? null : encodeSessionCursor(last),
  };
};
