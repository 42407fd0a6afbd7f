import { toSessionView } from 'kb-sessions-contract/views';
import { toMillis } from '../clock.ts';
import { touch } from '../lifecycle.ts';
import type { GetOperation, GetResult } from '../session-store.ts';
import { resolveSession } from './resolve-session.ts';
import { apply, type Plan, type PlanContext, type ReadView } from './types.ts';

/** Reads a session and touches it. The touch costs a write only every `touchIntervalMs`, or every half of the idle timeout. */
export const planGet = (
  view: ReadView,
  operation: GetOperation,
  context: PlanContext,
): Plan<Omit<GetResult, 'durability' | 'metadata'>> => {
  const resolution = resolveSession(view, operation, context);
  if (resolution.kind !== 'resolved') return resolution;
  const { session: stored, recovered, rolled_over, changed } = resolution;
  const { now, limits } = context;
  const touchIntervalMs = Math.min(limits.touchIntervalMs, limits.idleTimeoutMs / 2);
  const isTouchDue = now - toMillis(stored.last_activity) >= touchIntervalMs;
  const session = isTouchDue ? touch(stored, now, limits) : stored;
  return apply(
    { session: toSessionView(session), recovered, rolled_over },
    { sessions: isTouchDue ? [...changed, session] : changed },
  );
};
