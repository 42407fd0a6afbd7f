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

/** Sessions are read whole, for who is told of them: 64 KB at most. */
const PAGE = 100;

export type EndUserSessionsOptions = {
  owner: string;
  by: 'user' | 'admin';
  /** Told each session that is over now. */
  onSessionRead(session: Session): void;
  /** Milliseconds, by `clock`. */
  deadline: number;
  clock: Clock;
};

/**
 * Ends every session that `owner` has open, and writes that those past their `expires_at` have expired. One that is
 * written to meanwhile, or goes on in a successor, is seen again. What waits in a journal is stored, and so open, only
 * later. `ended` are those that had not expired; `more` says that the time budget ended first. 1 read and 1 write per
 * session, 1 read more for each that had changed.
 *
 * @throws SessionError `unavailable`; what was ended by then stays so.
 */
export const endUserSessions = async (
  context: FirestoreContext,
  { owner, by, onSessionRead, deadline, clock }: EndUserSessionsOptions,
): Promise<{ ended: number; more: boolean }> => {
  const open = sessionsCollection(context.db)
    .where('user_id', '==', owner)
    .where('status', 'in', OPEN_STATUSES)
    .orderBy('created_at', 'desc')
    .limit(PAGE);
  let ended = 0;
  while (clock() < deadline) {
    const page = await mapErrors(withDeadline(context, open.get()));
    recordCost(Math.max(1, page.size), 0);
    const now = context.now(page.readTime);
    const { written, changed, failures } = await writeEndings(
      context,
      page.docs.map((document) => {
        const session = expireIfDue(decodeSession(document.data()), now, context.limits);
        return { document, session: isOpen(session) ? terminate(session, now, by) : session };
      }),
    );
    const { over, ours } = await overByNow(context, changed);
    for (const session of [...written, ...over]) onSessionRead(session);
    ended += [...written, ...ours].filter(({ status }) => status === 'ended').length;
    if (failures.length > 0) throw toSessionError(failures[0]);
    if (page.size < PAGE && changed.length === 0) return { ended, more: false };
  }
  return { ended, more: true };
};

/** Which of those that had changed are over by now, and which of these by `ours`: a write whose answer was lost. */
const overByNow = async (
  context: FirestoreContext,
  changed: EndingWrite[],
): Promise<{ over: Session[]; ours: Session[] }> => {
  if (changed.length === 0) return { over: [], ours: [] };
  const found = await mapErrors(
    withDeadline(context, context.db.getAll(...changed.map(({ document }) => document.ref))),
  );
  recordCost(found.length, 0);
  const over = found.flatMap((document) => {
    const data = document.data();
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
  return { over, ours: over.filter(isOurs) };
};
