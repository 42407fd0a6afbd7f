import { EMPTY_USER_INFO } from 'kb-sessions-contract/records';
import { escalate, touch } from '../lifecycle.ts';
import type { EscalateOperation, EscalateResult } from '../session-store.ts';
import { resolveSession } from './resolve-session.ts';
import { apply, type Plan, type PlanContext, type ReadView } from './types.ts';

/** Changes an open session from `active` to `escalated`. An escalated session stays as it is, with the same answer. */
export const planEscalate = (
  view: ReadView,
  operation: EscalateOperation,
  context: PlanContext,
): Plan<EscalateResult> => {
  const request = { ...operation, recover: false, user: EMPTY_USER_INFO };
  const resolution = resolveSession(view, request, context);
  if (resolution.kind !== 'resolved') return resolution;
  const { session } = resolution;
  const result = { session_id: session.session_id, status: 'escalated' } as const;
  if (session.status === 'escalated') return apply(result);
  const touched = touch(session, context.now, context.limits);
  return apply(result, {
    sessions: [{ ...escalate(touched), escalation_reason: operation.reason }],
    escalations: 1,
  });
};
