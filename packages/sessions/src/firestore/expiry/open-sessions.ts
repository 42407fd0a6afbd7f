import { FieldPath, Timestamp } from 'firebase-admin/firestore';
import { toSessionView } from 'kb-sessions-contract/views';
import { expireIfDue, isOpen } from '../../lifecycle.ts';
import { REPLAY_SESSION_LIMIT_FACTOR } from '../../limits.ts';
import { recordCost } from '../../operation-cost.ts';
import type { SessionPage } from '../../session-store.ts';
import { mapErrors } from '../classify-error.ts';
import { decodeSession } from '../codec.ts';
import type { FirestoreContext } from '../context.ts';
import { withDeadline } from '../deadline.ts';
import { sessionsCollection } from '../documents.ts';

/** The stored statuses of an open session, and of an expired one until a sweep stores its expiry. */
export const OPEN_STATUSES = ['active', 'escalated'];
/** An aggregation costs one read per 1,000 index entries (firebase.google.com/docs/firestore/pricing). */
const ENTRIES_PER_READ = 1000;

/**
 * Counts the open sessions of a user, up to the highest number that matters. Without a limit on open sessions it returns 0
 * and reads nothing. The number is approximate: sessions that are opened at the same time are missing, and expired sessions
 * are included until a sweep stores their expiry.
 *
 * Cost: one read per 1,000 sessions, at least one; one round trip.
 */
export const countOpenSessions = async (context: FirestoreContext, user_id: string): Promise<number> => {
  const { db, limits } = context;
  if (limits.openSessionsPerUser === 0) return 0;
  const query = sessionsCollection(db)
    .where('user_id', '==', user_id)
    .where('status', 'in', OPEN_STATUSES)
    .limit(limits.openSessionsPerUser * REPLAY_SESSION_LIMIT_FACTOR);
  const { count } = (await withDeadline(context, query.count().get())).data();
  recordCost(Math.max(1, Math.ceil(count / ENTRIES_PER_READ)), 0);
  return count;
};

/** A query has at most 30 disjunctions, and two statuses need two for each shard. */
const SHARDS_PER_QUERY = 15;

/**
 * Counts the open sessions of all users, by aggregation.
 *
 * Cost: one read per 1,000 sessions, at least one per 15 shards; one round trip.
 *
 * @throws SessionError `unavailable`
 * @example
 * ```ts
 * import { countActiveSessions, type FirestoreContext } from 'kb-sessions/firestore';
 *
 * export const report = async (context: FirestoreContext): Promise<string> =>
 *   `${await countActiveSessions(context)} open sessions`;
 * ```
 */
export const countActiveSessions = async (context: FirestoreContext): Promise<number> => {
  const { db, limits, now } = context;
  const shards = Array.from({ length: limits.expiryShards }, (_, shard) => shard);
  const groups = shards.filter((shard) => shard % SHARDS_PER_QUERY === 0);
  const counts = await mapErrors(
    Promise.all(
      groups.map(async (first) => {
        const query = sessionsCollection(db)
          .where('expiry_shard', 'in', shards.slice(first, first + SHARDS_PER_QUERY))
          .where('status', 'in', OPEN_STATUSES)
          .where('expires_at', '>', Timestamp.fromMillis(now(Timestamp.now())));
        const { count } = (await withDeadline(context, query.count().get())).data();
        recordCost(Math.max(1, Math.ceil(count / ENTRIES_PER_READ)), 0);
        return count;
      }),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
};

/**
 * Returns a page of the open sessions of all users, ordered by id: no write is sequential in that order. Expired sessions
 * whose expiry is not stored yet make a page shorter.
 *
 * Cost: one read per session, at most `limit`, at least one; one round trip.
 *
 * @param options `cursor`: the `next_cursor` of the page before; null for the first page
 * @throws SessionError `unavailable`
 * @example
 * ```ts
 * import { type FirestoreContext, listActiveSessions } from 'kb-sessions/firestore';
 *
 * export const firstIds = async (context: FirestoreContext): Promise<string[]> => {
 *   const { sessions } = await listActiveSessions(context, { limit: 20, cursor: null });
 *   return sessions.map(({ session_id }) => session_id);
 * };
 * ```
 */
export const listActiveSessions = async (
  context: FirestoreContext,
  { limit, cursor }: { limit: number; cursor: string | null },
): Promise<SessionPage> => {
  const { db, limits, now } = context;
  const query = sessionsCollection(db)
    .where('status', 'in', OPEN_STATUSES)
    .orderBy(FieldPath.documentId())
    .limit(limit);
  const page = await mapErrors(
    withDeadline(context, (cursor === null ? query : query.startAfter(cursor)).get()),
  );
  recordCost(Math.max(1, page.size), 0);
  const readAt = now(page.readTime);
  const sessions = page.docs
    .map((document) => expireIfDue(decodeSession(document.data()), readAt, limits))
    .filter(isOpen);
  return {
    sessions: sessions.map(toSessionView),
    next_cursor: page.size < limit ? null : (page.docs.at(-1)?.id ?? null),
  };
};
