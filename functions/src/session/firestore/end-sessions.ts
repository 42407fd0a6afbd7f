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
import { writeEnds } from './write-ends.ts';

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
 * session.
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
    for (const session of written) onSeen(session);
    ended += written.filter(({ status }) => status === 'ended').length;
    if (failures.length > 0) throw asAnswer(failures[0]);
    if (page.size < PAGE && changed === 0) return { ended, more: false };
  }
  return { ended, more: true };
};
