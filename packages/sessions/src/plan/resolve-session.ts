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

type ResolveRequest = {
  owner: string;
  session_id: string;
  recover: boolean;
  user: UserInfo;
  /** Whether a fallback accepted the operation. A closed session does not refuse it: it goes to the successor. */
  replay?: boolean;
};

/** The open session on which an operation works, and the changes on the way: predecessors closed, a successor opened. */
export type ResolvedSession = {
  kind: 'resolved';
  session: Session;
  recovered: boolean;
  rolled_over: boolean;
  changed: Session[];
};

type Resolution = Load | Refusal | ResolvedSession;

/**
 * Resolves a session id to an open session. It follows at most one link. It opens the successor of an expired or unknown
 * session if the operation allows recovery. The rows of the table in docs/calls-guide.md ("What a session id resolves
 * to") are its cases.
 */
export const resolveSession = (view: ReadView, request: ResolveRequest, context: PlanContext): Resolution => {
  const named = view.session(request.session_id);
  if (named === undefined) return load({ session_id: request.session_id });
  if (named === null || named.user_id !== request.owner)
    return request.recover ? successorOfUnknown(view, request, context) : refuse(sessionNotFoundError());
  const session = expireIfDue(named, context.now, context.limits);
  if (isOpen(session)) return resolved(session, {});
  if (session.end_reason === 'message_limit')
    return continuedBy(view, request, session, { rolled_over: true }, context);
  if (session.status === 'ended')
    return request.replay ? successorOfEnded(view, request, session, context) : refuse(sessionEndedError());
  if (!allowsSuccessor(request)) return refuse(sessionExpiredError(), expiryToStore(session, named));
  return session.continued_by === null
    ? successorOfExpired(view, request, session, context)
    : continuedBy(view, request, session, { recovered: true }, context);
};

/** Whether an operation that an expired session refuses may go to the successor. */
const allowsSuccessor = ({ recover, replay = false }: ResolveRequest): boolean => recover || replay;

type Relocation = { recovered?: boolean; rolled_over?: boolean };

const resolved = (
  session: Session,
  { recovered = false, rolled_over = false }: Relocation,
  changed: Session[] = [],
): ResolvedSession => ({
  kind: 'resolved',
  session,
  recovered,
  rolled_over,
  changed,
});

/**
 * The successor of an id that is unknown or belongs to another owner. An earlier recovery may have created it, so it is read
 * first, together with the user. A successor of an expired session needs no read of the user: its commit is conditional on
 * the predecessor, which an erasure deletes.
 */
const successorOfUnknown = (view: ReadView, request: ResolveRequest, context: PlanContext): Resolution => {
  const session_id = successorId(request.owner, request.session_id);
  return successorWithUser(view, request, session_id, context, () => ({
    ...newSession({ ...context, ...request, session_id }),
    continues: request.session_id,
  }));
};

/** The successor of an ended session, only for replays. The ended session gets no link: no caller continues where the user ended. */
const successorOfEnded = (
  view: ReadView,
  request: ResolveRequest,
  ended: Session,
  context: PlanContext,
): Resolution => {
  const session_id = successorId(request.owner, ended.session_id);
  return successorWithUser(view, { ...request, replay: true }, session_id, context, () =>
    newSuccessor(ended, { ...context, session_id }),
  );
};

/** Follows the successor if it exists. Otherwise opens it, if the user is not erased and below the limit on open sessions. */
const successorWithUser = (
  view: ReadView,
  request: ResolveRequest,
  session_id: string,
  context: PlanContext,
  open: () => Session,
): Resolution => {
  const successor = view.session(session_id);
  const user = view.user(request.owner);
  if (successor === undefined || !user) return load({ session_id, user_id: request.owner });
  if (user.isErased) return refuse(userErasedError());
  if (successor !== null) return followLink(view, request, successor, { recovered: true }, context);
  if (exceedsOpenSessionLimit(user, context.limits, request.replay ?? false))
    return refuse(openSessionLimitError());
  const opened = open();
  return resolved(opened, { recovered: true }, [opened]);
};

/**
 * The successor of an expired session without a link. The plan assumes that its id is free. If it is not (it was opened
 * while its predecessor was unknown), the creation fails, and the next plan finds it in the view.
 */
const successorOfExpired = (
  view: ReadView,
  request: ResolveRequest,
  expired: Session,
  context: PlanContext,
): Resolution => {
  const session_id = successorId(request.owner, expired.session_id);
  const linked = { ...expired, continued_by: session_id };
  const successor = view.session(session_id);
  if (successor) {
    const resolution = followLink(view, request, successor, { recovered: true }, context);
    return resolution.kind === 'resolved'
      ? { ...resolution, changed: [linked, ...resolution.changed] }
      : resolution;
  }
  const opened = newSuccessor(expired, { ...context, session_id });
  return resolved(opened, { recovered: true }, [linked, opened]);
};

/** The session to which a closed session is linked. */
const continuedBy = (
  view: ReadView,
  request: ResolveRequest,
  { continued_by }: Session,
  relocation: Relocation,
  context: PlanContext,
): Resolution => {
  if (continued_by === null) return refuse(sessionNotFoundError());
  const successor = view.session(continued_by);
  if (successor === undefined) return load({ session_id: continued_by });
  return successor === null
    ? refuse(sessionNotFoundError())
    : followLink(view, request, successor, relocation, context);
};

/** Resolves the session at the end of a link. A second link is not followed: the error names the next id. */
const followLink = (
  view: ReadView,
  request: ResolveRequest,
  linked: Session,
  relocation: Relocation,
  context: PlanContext,
): Resolution => {
  if (linked.user_id !== request.owner) return refuse(sessionNotFoundError());
  const session = expireIfDue(linked, context.now, context.limits);
  if (isOpen(session)) return resolved(session, relocation);
  if (session.continued_by !== null) return refuse(sessionContinuedError(session.continued_by));
  if (session.status === 'ended')
    return refuse(request.replay ? sessionContinuedError(session.session_id) : sessionEndedError());
  if (!allowsSuccessor(request)) return refuse(sessionExpiredError(), expiryToStore(session, linked));
  const session_id = successorId(request.owner, session.session_id);
  if (view.session(session_id)) return refuse(sessionContinuedError(session_id));
  const opened = newSuccessor(session, { ...context, session_id });
  return resolved(opened, { ...relocation, recovered: true }, [
    { ...session, continued_by: session_id },
    opened,
  ]);
};

/** The session, if it has expired since it was stored. */
export const expiryToStore = (session: Session, stored: Session | null | undefined): Session[] =>
  session === stored ? [] : [session];
