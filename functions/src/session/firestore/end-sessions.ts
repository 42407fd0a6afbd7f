import type { Clock } from '../clock.ts';
import { charge } from '../cost.ts';
import { asOf, end, isOpen } from '../life-cycle.ts';
import type { Session } from '../records.ts';
import { decodeSession } from './codec.ts';
import { sessionsOf } from './documents.ts';
import { answered, asAnswer } from './failures.ts';
import { inTime } from './in-time.ts';
import { OPEN } from './open-sessions.ts';
import type { FirestoreSetup } from './setup.ts';
import { type Ending, writeEnds } from './write-ends.ts';

/** Sessions are read whole, for who is told of them: 64 KB at most. */
const PAGE = 100;

export type EndingOptions = {
  owner: string;
  by: 'user' | 'admin';
  /** Told each session that is over now. */
  onSeen(session: Session): void;
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
export const endSessions = async (
  setup: FirestoreSetup,
  { owner, by, onSeen, deadline, clock }: EndingOptions,
): Promise<{ ended: number; more: boolean }> => {
  const open = sessionsOf(setup.db)
    .where('user_id', '==', owner)
    .where('status', 'in', OPEN)
    .orderBy('created_at', 'desc')
    .limit(PAGE);
  let ended = 0;
  while (clock() < deadline) {
    const page = await answered(inTime(setup, open.get()));
    charge(Math.max(1, page.size), 0);
    const now = setup.now(page.readTime);
    const { written, changed, failures } = await writeEnds(
      setup,
      page.docs.map((document) => {
        const session = asOf(decodeSession(document.data()), now, setup.limits);
        return { document, session: isOpen(session) ? end(session, now, by) : session };
      }),
    );
    const { over, ours } = await overByNow(setup, changed);
    for (const session of [...written, ...over]) onSeen(session);
    ended += [...written, ...ours].filter(({ status }) => status === 'ended').length;
    if (failures.length > 0) throw asAnswer(failures[0]);
    if (page.size < PAGE && changed.length === 0) return { ended, more: false };
  }
  return { ended, more: true };
};

/** Which of those that had changed are over by now, and which of these by `ours`: a write whose answer was lost. */
const overByNow = async (
  setup: FirestoreSetup,
  changed: Ending[],
): Promise<{ over: Session[]; ours: Session[] }> => {
  if (changed.length === 0) return { over: [], ours: [] };
  const found = await answered(
    inTime(setup, setup.db.getAll(...changed.map(({ document }) => document.ref))),
  );
  charge(found.length, 0);
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
