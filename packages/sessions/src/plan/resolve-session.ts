import type { Session, UserInfo } from 'kb-sessions-contract/records';
import { expireIfDue, isOpen, newSession, newSuccessor } from '../lifecycle.ts';
import {
  openSessionLimitError,
  sessionContinuedError,
  sessionEndedError,
  sessionExpiredError,
  sessionNotFoundError,
  userErasedError,
} from '../session-errors.ts';
import { successorId } from '../successor-id.ts';
import { exceedsOpenSessionLimit } from './create.ts';
import { type Load, load, type PlanContext, type ReadView, type Refusal, refuse } from './types.ts';

type Wanted = {
  owner: string;
  session_id: string;
  recover: boolean;
  user: UserInfo;
  /** What a fallback has accepted is not refused because the session is over by now: it goes to the successor. */
  replay?: boolean;
};

/** The open session an operation works on, and what reaching it changed: predecessors closed, a successor opened. */
export type ResolvedSession = {
  kind: 'reached';
  session: Session;
  recovered: boolean;
  rolled_over: boolean;
  changed: Session[];
};

type Resolution = Load | Refusal | ResolvedSession;

/**
 * Finds the session that an id stands for, following at most one link; the README's table of what a call
 * finds has the rows. Opens the successor of an expired or unknown session when the operation asks to recover.
 */
export const resolveSession = (view: ReadView, wanted: Wanted, circumstances: PlanContext): Resolution => {
  const named = view.session(wanted.session_id);
  if (named === undefined) return load({ session_id: wanted.session_id });
  if (named === null || named.user_id !== wanted.owner) {
    return wanted.recover ? successorOfUnknown(view, wanted, circumstances) : refuse(sessionNotFoundError());
  }
  const session = expireIfDue(named, circumstances.now, circumstances.limits);
  if (isOpen(session)) return reached(session, {});
  if (session.end_reason === 'message_limit')
    return follow(view, wanted, session, { rolled_over: true }, circumstances);
  if (session.status === 'ended')
    return wanted.replay
      ? successorOfEnded(view, wanted, session, circumstances)
      : refuse(sessionEndedError());
  if (!allowsSuccessor(wanted)) return refuse(sessionExpiredError(), expiryToStore(session, named));
  return session.continued_by === null
    ? successorOf(view, wanted, session, circumstances)
    : follow(view, wanted, session, { recovered: true }, circumstances);
};

/** Whether what an expired session does not take goes to its successor. */
const allowsSuccessor = ({ recover, replay = false }: Wanted): boolean => recover || replay;

type How = { recovered?: boolean; rolled_over?: boolean };

const reached = (
  session: Session,
  { recovered = false, rolled_over = false }: How,
  changed: Session[] = [],
): ResolvedSession => ({
  kind: 'reached',
  session,
  recovered,
  rolled_over,
  changed,
});

/**
 * The successor of an id that names nothing of the caller's: there may be one from an earlier recovery, so it is read
 * first, and with it whether its user may have one. Where a predecessor expired there is no need: the commit is
 * conditional on that being as it was read, and erasure deletes it.
 */
const successorOfUnknown = (view: ReadView, wanted: Wanted, circumstances: PlanContext): Resolution => {
  const session_id = successorId(wanted.owner, wanted.session_id);
  const known = view.session(session_id);
  const user = view.user(wanted.owner);
  if (known === undefined || !user) return load({ session_id, user_id: wanted.owner });
  if (user.isErased) return refuse(userErasedError());
  if (known !== null) return followLink(view, wanted, known, { recovered: true }, circumstances);
  if (exceedsOpenSessionLimit(user, circumstances.limits, wanted.replay ?? false))
    return refuse(openSessionLimitError());
  const opened = { ...newSession({ ...circumstances, ...wanted, session_id }), continues: wanted.session_id };
  return reached(opened, { recovered: true }, [opened]);
};

/**
 * The successor of an expired session without a link. It is taken to be free without reading it: its creation fails
 * where it is not (it was opened while its predecessor was unknown), and then it is in the view.
 */
const successorOf = (
  view: ReadView,
  wanted: Wanted,
  expired: Session,
  circumstances: PlanContext,
): Resolution => {
  const session_id = successorId(wanted.owner, expired.session_id);
  const linked = { ...expired, continued_by: session_id };
  const known = view.session(session_id);
  if (known) {
    const resolution = followLink(view, wanted, known, { recovered: true }, circumstances);
    return resolution.kind === 'reached'
      ? { ...resolution, changed: [linked, ...resolution.changed] }
      : resolution;
  }
  const opened = newSuccessor(expired, { ...circumstances, session_id });
  return reached(opened, { recovered: true }, [linked, opened]);
};

/** For a replay alone. The ended session stays as it is, without a link: nobody else is to go on where the user ended it. */
const successorOfEnded = (
  view: ReadView,
  wanted: Wanted,
  ended: Session,
  circumstances: PlanContext,
): Resolution => {
  const session_id = successorId(wanted.owner, ended.session_id);
  const known = view.session(session_id);
  const user = view.user(wanted.owner);
  if (known === undefined || !user) return load({ session_id, user_id: wanted.owner });
  if (user.isErased) return refuse(userErasedError());
  if (known !== null) return followLink(view, wanted, known, { recovered: true }, circumstances);
  if (exceedsOpenSessionLimit(user, circumstances.limits, true)) return refuse(openSessionLimitError());
  const opened = newSuccessor(ended, { ...circumstances, session_id });
  return reached(opened, { recovered: true }, [opened]);
};

const follow = (
  view: ReadView,
  wanted: Wanted,
  from: Session,
  how: How,
  circumstances: PlanContext,
): Resolution => {
  if (from.continued_by === null) return refuse(sessionNotFoundError());
  const successor = view.session(from.continued_by);
  if (successor === undefined) return load({ session_id: from.continued_by });
  return successor === null
    ? refuse(sessionNotFoundError())
    : followLink(view, wanted, successor, how, circumstances);
};

/** At the end of a link. There is no further hop: where the chain goes on, the caller is told the next id. */
const followLink = (
  view: ReadView,
  wanted: Wanted,
  found: Session,
  how: How,
  circumstances: PlanContext,
): Resolution => {
  if (found.user_id !== wanted.owner) return refuse(sessionNotFoundError());
  const session = expireIfDue(found, circumstances.now, circumstances.limits);
  if (isOpen(session)) return reached(session, how);
  if (session.continued_by !== null) return refuse(sessionContinuedError(session.continued_by));
  if (session.status === 'ended')
    return refuse(wanted.replay ? sessionContinuedError(session.session_id) : sessionEndedError());
  if (!allowsSuccessor(wanted)) return refuse(sessionExpiredError(), expiryToStore(session, found));
  const session_id = successorId(wanted.owner, session.session_id);
  if (view.session(session_id)) return refuse(sessionContinuedError(session_id));
  const opened = newSuccessor(session, { ...circumstances, session_id });
  return reached(opened, { ...how, recovered: true }, [{ ...session, continued_by: session_id }, opened]);
};

/** A session that has expired since it was stored. */
export const expiryToStore = (asOfNow: Session, stored: Session | null | undefined): Session[] =>
  asOfNow === stored ? [] : [asOfNow];
