import { recordCost } from '../../operation-cost.ts';
import { REPLAY_SESSION_LIMIT_FACTOR } from '../../limits.ts';
import { sessionsOf } from '../documents.ts';
import { withDeadline } from '../deadline.ts';
import type { FirestoreContext } from '../context.ts';

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
  if (limits.openSessions === 0) return 0;
  const open = sessionsOf(db).where('user_id', '==', user_id).where('status', 'in', OPEN_STATUSES);
  const counted = await withDeadline(
    context,
    open
      .limit(limits.openSessions * REPLAY_SESSION_LIMIT_FACTOR)
      .count()
      .get(),
  );
  const { count } = counted.data();
  recordCost(Math.max(1, Math.ceil(count / ENTRIES_PER_READ)), 0);
  return count;
};
