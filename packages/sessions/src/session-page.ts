import type { Session, Status } from 'kb-sessions-contract/records';
import { toSessionView } from 'kb-sessions-contract/views';
import { encodeCursor } from './cursor.ts';
import { expireIfDue } from './lifecycle.ts';
import type { Limits } from './limits.ts';
import type { SessionPage } from './session-store.ts';

/** The stored statuses of the sessions that have a status now. A session past `expires_at` is expired before a sweep stores that. */
export const storedStatuses = (status: Status): Status[] =>
  status === 'expired' ? ['expired', 'active', 'escalated'] : [status];

/**
 * The page of a list of sessions.
 *
 * @param stored at most `limit` stored sessions, newest first. Sessions that have another status now are left out, so the
 * page may be shorter.
 * @param now milliseconds
 */
export const sessionPage = (
  stored: Session[],
  { limit, status }: { limit: number; status: Status | null },
  now: number,
  limits: Limits,
): SessionPage => {
  const last = stored.at(-1);
  return {
    sessions: stored
      .map((session) => expireIfDue(session, now, limits))
      .filter((session) => status === null || session.status === status)
      .map(toSessionView),
    next_cursor:
      stored.length < limit || last === undefined ? null : encodeCursor([last.created_at, last.session_id]),
  };
};
