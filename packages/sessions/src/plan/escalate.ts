import { EMPTY_USER_INFO } from 'kb-sessions-contract/records';
import { escalate, touch } from '../lifecycle.ts';
import type { EndResult, EscalateOperation } from '../session-store.ts';
import { resolveSession } from './resolve-session.ts';
import { apply, type Plan, type PlanContext, type ReadView } from './types.ts';

/** Takes an open session from `active` to `escalated`, once; repeated, it is answered as the first time. */
export const planEscalate = (
  view: ReadView,
  operation: EscalateOperation,
  circumstances: PlanContext,
): Plan<EndResult> => {
  const resolution = resolveSession(
    view,
    { ...operation, recover: false, user: EMPTY_USER_INFO },
    circumstances,
  );
  if (resolution.kind !== 'reached') return resolution;
  const { session } = resolution;
  const result = { session_id: session.session_id, status: 'escalated' } as const;
  if (session.status === 'escalated') return apply(result);
  const touched = touch(session, circumstances.now, circumstances.limits);
  return apply(result, {
    sessions: [{ ...escalate(touched), escalation_reason: operation.reason }],
    escalations: 1,
  });
};
