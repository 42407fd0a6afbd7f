import { escalated, touch } from '../life-cycle.ts';
import { NOBODY } from '../records.ts';
import type { Ended, EscalateOperation } from '../store.ts';
import { apply, type Circumstances, type Plan, type View } from './plan.ts';
import { resolve } from './resolve.ts';

/** Takes an open session from `active` to `escalated`, once; repeated, it is answered as the first time. */
export const planEscalate = (
  view: View,
  operation: EscalateOperation,
  circumstances: Circumstances,
): Plan<Ended> => {
  const resolution = resolve(view, { ...operation, recover: false, user: NOBODY }, circumstances);
  if (resolution.kind !== 'reached') return resolution;
  const { session } = resolution;
  const result = { session_id: session.session_id, status: 'escalated' } as const;
  if (session.status === 'escalated') return apply(result);
  const touched = touch(session, circumstances.now, circumstances.limits);
  return apply(result, {
    sessions: [{ ...escalated(touched), escalation_reason: operation.reason }],
    escalations: 1,
  });
};
