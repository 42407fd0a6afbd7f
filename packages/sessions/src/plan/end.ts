import type { Session } from 'kb-sessions-contract/records';
import { expireIfDue, isOpen, terminate } from '../lifecycle.ts';
import { sessionContinuedError, sessionNotFoundError } from '../session-errors.ts';
import type { EndOperation, EndResult } from '../session-store.ts';
import { expiryToStore } from './resolve-session.ts';
import { apply, load, type Plan, type PlanContext, type ReadView, refuse } from './types.ts';

/**
 * Ends a session, or the successor to which it rolled over. A session that is over keeps its status, which is the answer:
 * a repeated call gets the first answer, and a late call learns that the session is over.
 */
export const planEnd = (view: ReadView, operation: EndOperation, context: PlanContext): Plan<EndResult> => {
  const findOwned = (session_id: string) => {
    const session = view.session(session_id);
    if (session === undefined) return load({ session_id });
    if (session === null || session.user_id !== operation.owner) return refuse(sessionNotFoundError());
    return expireIfDue(session, context.now, context.limits);
  };
  const named = findOwned(operation.session_id);
  if ('kind' in named) return named;
  const session = hasRolledOver(named) ? findOwned(named.continued_by) : named;
  if ('kind' in session) return session;
  if (hasRolledOver(session)) return refuse(sessionContinuedError(session.continued_by));
  const { session_id, status } = session;
  if (!isOpen(session))
    return apply({ session_id, status }, { sessions: expiryToStore(session, view.session(session_id)) });
  return apply({ session_id, status: 'ended' }, { sessions: [terminate(session, context.now)] });
};

const hasRolledOver = (session: Session): session is Session & { continued_by: string } =>
  session.end_reason === 'message_limit' && session.continued_by !== null;
