import { newSession } from '../lifecycle.ts';
import { type Limits, REPLAY_SESSION_LIMIT_FACTOR } from '../limits.ts';
import { openSessionLimitError, sessionNotFoundError, userErasedError } from '../session-errors.ts';
import type { CreateOperation, CreateResult, WithoutAck } from '../session-store.ts';
import { apply, load, type Plan, type PlanContext, type ReadView, refuse, type UserState } from './types.ts';

/**
 * Opens a session. The plan assumes that the id is free. If it is not, the creation fails, and the next plan finds the
 * session in the view; its owner gets the first answer again, even if the session is over by now.
 */
export const planCreate = (
  view: ReadView,
  operation: CreateOperation,
  context: PlanContext,
): Plan<WithoutAck<CreateResult>> => {
  const { owner, session_id, replay } = operation;
  const user = view.user(owner);
  if (!user) return load({ user_id: owner });
  if (user.isErased) return refuse(userErasedError());
  const existing = view.session(session_id);
  if (!existing) {
    if (exceedsOpenSessionLimit(user, context.limits, replay)) {
      // This may be a retry of the creation that reached the limit.
      return existing === undefined ? load({ session_id }) : refuse(openSessionLimitError());
    }
    const session = { ...newSession({ ...context, ...operation }), fallback: replay };
    return apply({ session_id: session.session_id, expires_at: session.expires_at }, { sessions: [session] });
  }
  if (existing.user_id !== owner) return refuse(sessionNotFoundError());
  return apply({ session_id: existing.session_id, expires_at: existing.expires_at });
};

/**
 * Whether a user may open no more sessions for now. Replays get twice the limit, and not an unlimited number, because only
 * the client says that a server accepted the operation before.
 */
export const exceedsOpenSessionLimit = (
  { openSessions }: UserState,
  limits: Limits,
  replay: boolean,
): boolean =>
  limits.openSessionsPerUser > 0 &&
  openSessions >= limits.openSessionsPerUser * (replay ? REPLAY_SESSION_LIMIT_FACTOR : 1);
