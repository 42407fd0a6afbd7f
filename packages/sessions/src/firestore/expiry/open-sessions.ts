import { FieldPath, Timestamp } from 'firebase-admin/firestore';
import { type SessionView, toSessionView } from 'kb-sessions-contract/views';
import { expireIfDue, isOpen } from '../../lifecycle.ts';
import { REPLAY_SESSION_LIMIT_FACTOR } from '../../limits.ts';
import { recordCost } from '../../operation-cost.ts';
import { mapErrors } from '../classify-error.ts';
import { decodeSession } from '../codec.ts';
import type { FirestoreContext } from '../context.ts';
import { withDeadline } from '../deadline.ts';
import { sessionsCollection } from '../documents.ts';

/** What a session is stored as while it is open, or has expired and was not swept yet. */
export const OPEN_STATUSES = ['active', 'escalated'];
/** An aggregation costs 1 read per so many index entries (firebase.google.com/docs/firestore/pricing). */
export const ENTRIES_PER_READ = 1000;

/**
 * How many sessions a user has open, up to the most that count; nothing is asked where there is none. About right: sessions that
 * are opened meanwhile are not in it, and those that have expired are until they are swept. One read per 1,000, one round trip.
 */
export const countOpenSessions = async (context: FirestoreContext, user_id: string): Promise<number> => {
  const { db, limits } = context;
  if (limits.openSessionsPerUser === 0) return 0;
  const open = sessionsCollection(db).where('user_id', '==', user_id).where('status', 'in', OPEN_STATUSES);
  const counted = await withDeadline(
    context,
    open
      .limit(limits.openSessionsPerUser * REPLAY_SESSION_LIMIT_FACTOR)
      .count()
      .get(),
  );
  const { count } = counted.data();
  recordCost(Math.max(1, Math.ceil(count / ENTRIES_PER_READ)), 0);
  return count;
};

/** A query is at most 30 disjunctions, and two statuses are two of them for each shard. */
const SHARDS_AT_ONCE = 15;

/** How many sessions are open now, by aggregation: 1 read per 1,000 sessions, one round trip. */
export const countActiveSessions = async (context: FirestoreContext): Promise<number> => {
  const { db, limits, now } = context;
  const shards = Array.from({ length: limits.expiryShards }, (_, shard) => shard);
  const groups = shards.filter((shard) => shard % SHARDS_AT_ONCE === 0);
  const counts = await mapErrors(
    Promise.all(
      groups.map(async (first) => {
        const counting = sessionsCollection(db)
          .where('expiry_shard', 'in', shards.slice(first, first + SHARDS_AT_ONCE))
          .where('status', 'in', OPEN_STATUSES)
          .where('expires_at', '>', Timestamp.fromMillis(now(Timestamp.now())))
          .count()
          .get();
        const { count } = (await withDeadline(context, counting)).data();
        recordCost(Math.max(1, Math.ceil(count / ENTRIES_PER_READ)), 0);
        return count;
      }),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
};

/**
 * A page of open sessions by id: an order that no write is sequential in. Sessions that are expired but not swept
 * leave a page shorter. At most `limit` reads, one round trip.
 */
export const listActiveSessions = async (
  context: FirestoreContext,
  { limit, cursor }: { limit: number; cursor: string | null },
): Promise<{ sessions: SessionView[]; next_cursor: string | null }> => {
  const { db, limits, now } = context;
  const query = sessionsCollection(db)
    .where('status', 'in', OPEN_STATUSES)
    .orderBy(FieldPath.documentId())
    .limit(limit);
  const page = await mapErrors(
    withDeadline(context, (cursor === null ? query : query.startAfter(cursor)).get()),
  );
  recordCost(Math.max(1, page.size), 0);
  const at = now(page.readTime);
  const sessions = page.docs
    .map((document) => expireIfDue(decodeSession(document.data()), at, limits))
    .filter(isOpen);
  return {
    sessions: sessions.map(toSessionView),
    next_cursor: page.size < limit ? null : (page.docs.at(-1)?.id ?? null),
  };
};
