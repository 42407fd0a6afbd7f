import { notFound, tooManyOpen, wasErased } from '../errors.ts';
import { open } from '../life-cycle.ts';
import { type Limits, MOST_TIMES } from '../limits.ts';
import type { Created, CreateOperation, Unacknowledged } from '../store.ts';
import { apply, type Circumstances, load, type Plan, refuse, type UserState, type View } from './plan.ts';

/**
 * Opens a session. Its id is taken to be free until its creation fails; then the session is in the view, and its owner
 * gets the first answer again, whatever became of it: what comes next will tell.
 */
export const planCreate = (
  view: View,
  operation: CreateOperation,
  circumstances: Circumstances,
): Plan<Unacknowledged<Created>> => {
  const { owner, session_id, replay } = operation;
  const user = view.user(owner);
  if (!user) return load({ user_id: owner });
  if (user.isErased) return refuse(wasErased());
  const taken = view.session(session_id);
  if (!taken) {
    if (hasTooMany(user, circumstances.limits, replay)) {
      // Its creation may be what filled the room, with an answer that was lost.
      return taken === undefined ? load({ session_id }) : refuse(tooManyOpen());
    }
    const session = { ...open({ ...circumstances, ...operation }), fallback: replay };
    return apply({ session_id: session.session_id, expires_at: session.expires_at }, { sessions: [session] });
  }
  if (taken.user_id !== owner) return refuse(notFound());
  return apply({ session_id: taken.session_id, expires_at: taken.expires_at });
};

/**
 * Whether a user may open no more for now. What was accepted already has as much room again: a client alone says of what
 * it brings back that it was.
 */
export const hasTooMany = ({ openSessions }: UserState, limits: Limits, replay: boolean): boolean =>
  limits.openSessions > 0 && openSessions >= limits.openSessions * (replay ? MOST_TIMES : 1);
