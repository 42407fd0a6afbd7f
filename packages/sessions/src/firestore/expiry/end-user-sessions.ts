import type { Session } from 'kb-sessions-contract/records';
import type { Clock } from '../../clock.ts';
import { expireIfDue, isOpen, terminate } from '../../lifecycle.ts';
import { recordCost } from '../../operation-cost.ts';
import { mapErrors, toSessionError } from '../classify-error.ts';
import { decodeSession } from '../codec.ts';
import type { FirestoreContext } from '../context.ts';
import { withDeadline } from '../deadline.ts';
import { sessionsCollection } from '../documents.ts';
import { OPEN_STATUSES } from './open-sessions.ts';
import { type EndingWrite, writeEndings } from './write-endings.ts';

/** Whole session documents are read, because `onSessionRead` needs them: up to about 64 KB each. */
const PAGE_SIZE = 100;

/** The options of {@link endUserSessions}. */
export type EndUserSessionsOptions = {
  owner: string;
  /** Who ends the sessions: it becomes the `end_reason`. */
  by: 'user' | 'admin';
  /** Receives each session that is over now, for a read cache. */
  onSessionRead(session: Session): void;
  /** When to stop, in milliseconds by `clock`. */
  deadline: number;
  clock: Clock;
};

/**
 * Ends every open session of a user, and stores the expiry of those past their `expires_at`. A session that another writer
 * changes meanwhile, or that continues in a successor, is found again. Pending operations of a journal open their sessions
 * only when they are replayed, and those sessions stay open.
 *
 * Cost: one read and one write per session; one more read for each session that had changed.
 *
 * @returns `ended`: sessions that were ended and had not expired. `more`: whether the deadline came first.
 * @throws SessionError `unavailable`. Sessions that were ended before stay ended.
 * @example
 * ```ts
 * import type { ReadCache } from 'kb-sessions';
 * import { endUserSessions, type FirestoreContext } from 'kb-sessions/firestore';
 *
 * export const endAll = (context: FirestoreContext, cache: ReadCache, owner: string) =>
 *   endUserSessions(context, {
 *     owner,
 *     by: 'admin',
 *     onSessionRead: (session) => cache.put(session),
 *     deadline: Date.now() + 30_000,
 *     clock: Date.now,
 *   });
 * ```
 */
export const endUserSessions = async (
  context: FirestoreContext,
  { owner, by, onSessionRead, deadline, clock }: EndUserSessionsOptions,
): Promise<{ ended: number; more: boolean }> => {
  const query = sessionsCollection(context.db)
    .where('user_id', '==', owner)
    .where('status', 'in', OPEN_STATUSES)
    .orderBy('created_at', 'desc')
    .limit(PAGE_SIZE);
  let ended = 0;
  while (clock() < deadline) {
    const page = await mapErrors(withDeadline(context, query.get()));
    recordCost(Math.max(1, page.size), 0);
    const now = context.now(page.readTime);
    const { written, changed, failures } = await writeEndings(
      context,
      page.docs.map((document) => {
        const session = expireIfDue(decodeSession(document.data()), now, context.limits);
        return { document, session: isOpen(session) ? terminate(session, now, by) : session };
      }),
    );
    const { closed, ours } = await readClosed(context, changed);
    for (const session of [...written, ...closed]) onSessionRead(session);
    ended += [...written, ...ours].filter(({ status }) => status === 'ended').length;
    if (failures.length > 0) throw toSessionError(failures[0]);
    if (page.size < PAGE_SIZE && changed.length === 0) return { ended, more: false };
  }
  return { ended, more: true };
};

/** The changed sessions that are over now; and `ours`, those that a write of this call ended although its answer was lost. */
const readClosed = async (
  context: FirestoreContext,
  changed: EndingWrite[],
): Promise<{ closed: Session[]; ours: Session[] }> => {
  if (changed.length === 0) return { closed: [], ours: [] };
  const snapshots = await mapErrors(
    withDeadline(context, context.db.getAll(...changed.map(({ document }) => document.ref))),
  );
  recordCost(snapshots.length, 0);
  const closed = snapshots.flatMap((snapshot) => {
    const data = snapshot.data();
    const session = data && decodeSession(data);
    return session && !isOpen(session) ? [session] : [];
  });
  const isOurs = ({ session_id, ended_at, end_reason }: Session) =>
    changed.some(
      ({ session }) =>
        session.session_id === session_id &&
        session.ended_at === ended_at &&
        session.end_reason === end_reason,
    );
  return { closed, ours: closed.filter(isOurs) };
};
