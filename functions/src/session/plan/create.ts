import { notFound } from '../errors.ts';
import { open } from '../life-cycle.ts';
import type { Created, CreateOperation, Unacknowledged } from '../store.ts';
import { apply, type Circumstances, type Plan, refuse, type View } from './plan.ts';

/**
 * Opens a session. Its id is taken to be free until its creation fails; then the session is in the view, and its owner
 * gets the first answer again, whatever became of it: what comes next will tell.
 */
export const planCreate = (
  view: View,
  operation: CreateOperation,
  circumstances: Circumstances,
): Plan<Unacknowledged<Created>> => {
  const taken = view.session(operation.session_id);
  if (!taken) {
    const session = { ...open({ ...circumstances, ...operation }), fallback: operation.replay };
    return apply({ session_id: session.session_id, expires_at: session.expires_at }, { sessions: [session] });
  }
  if (taken.user_id !== operation.owner) return refuse(notFound());
  return apply({ session_id: taken.session_id, expires_at: taken.expires_at });
};
