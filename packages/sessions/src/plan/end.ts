import type { Session } from 'kb-sessions-contract/records';
import { expireIfDue, isOpen, terminate } from '../lifecycle.ts';
import { sessionContinuedError, sessionNotFoundError } from '../session-errors.ts';
import type { EndOperation, EndResult } from '../session-store.ts';
import { expiryToStore } from './resolve-session.ts';
import { apply, load, type Plan, type PlanContext, type ReadView, refuse } from './types.ts';

/**
 * Ends a session, or the successor of one that rolled over. One that is over already is answered with its status:
 * who repeats the call gets the first answer, and who comes late learns that there is nothing left to end.
 */
export const planEnd = (
  view: ReadView,
  operation: EndOperation,
  circumstances: PlanContext,
): Plan<EndResult> => {
  const owned = (session_id: string) => {
    const found = view.session(session_id);
    if (found === undefined) return load({ session_id });
    if (found === null || found.user_id !== operation.owner) return refuse(sessionNotFoundError());
    return expireIfDue(found, circumstances.now, circumstances.limits);
  };
  const named = owned(operation.session_id);
  if ('kind' in named) return named;
  const session = hasRolledOver(named) ? owned(named.continued_by) : named;
  if ('kind' in session) return session;
  if (hasRolledOver(session)) return refuse(sessionContinuedError(session.continued_by));
  const { session_id, status } = session;
  if (!isOpen(session)) {
    return apply({ session_id, status }, { sessions: expiryToStore(session, view.session(session_id)) });
  }
  return apply({ session_id, status: 'ended' }, { sessions: [terminate(session, circumstances.now)] });
};

const hasRolledOver = (session: Session): session is Session & { continued_by: string } =>
  session.end_reason === 'message_limit' && session.continued_by !== null;
