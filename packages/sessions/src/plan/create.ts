import { newSession } from '../lifecycle.ts';
import { type Limits, REPLAY_SESSION_LIMIT_FACTOR } from '../limits.ts';
import { openSessionLimitError, sessionNotFoundError, userErasedError } from '../session-errors.ts';
import type { CreateOperation, CreateResult, WithoutAck } from '../session-store.ts';
import { apply, load, type Plan, type PlanContext, type ReadView, refuse, type UserState } from './types.ts';

/**
 * Opens a session. Its id is taken to be free until its creation fails; then the session is in the view, and its owner
 * gets the first answer again, whatever became of it: what comes next will tell.
 */
export const planCreate = (
  view: ReadView,
  operation: CreateOperation,
  circumstances: PlanContext,
): Plan<WithoutAck<CreateResult>> => {
  const { owner, session_id, replay } = operation;
  const user = view.user(owner);
  if (!user) return load({ user_id: owner });
  if (user.isErased) return refuse(userErasedError());
  const taken = view.session(session_id);
  if (!taken) {
    if (exceedsOpenSessionLimit(user, circumstances.limits, replay)) {
      // Its creation may be what filled the room, with an answer that was lost.
      return taken === undefined ? load({ session_id }) : refuse(openSessionLimitError());
    }
    const session = { ...newSession({ ...circumstances, ...operation }), fallback: replay };
    return apply({ session_id: session.session_id, expires_at: session.expires_at }, { sessions: [session] });
  }
  if (taken.user_id !== owner) return refuse(sessionNotFoundError());
  return apply({ session_id: taken.session_id, expires_at: taken.expires_at });
};

/**
 * Whether a user may open no more for now. What was accepted already has as much room again: a client alone says of what
 * it brings back that it was.
 */
export const exceedsOpenSessionLimit = (
  { openSessions }: UserState,
  limits: Limits,
  replay: boolean,
): boolean =>
  limits.openSessionsPerUser > 0 &&
  openSessions >= limits.openSessionsPerUser * (replay ? REPLAY_SESSION_LIMIT_FACTOR : 1);
