import { toSessionView } from 'kb-sessions-contract/views';
import { toMillis } from '../clock.ts';
import { touch } from '../lifecycle.ts';
import type { GetOperation, GetResult } from '../session-store.ts';
import { resolveSession } from './resolve-session.ts';
import { apply, type Plan, type PlanContext, type ReadView } from './types.ts';

/** Finds the session an id stands for. Reading keeps it alive, but costs a write only every `touchIntervalMs`, or half the idle timeout. */
export const planGet = (
  view: ReadView,
  operation: GetOperation,
  circumstances: PlanContext,
): Plan<Omit<GetResult, 'durability' | 'metadata'>> => {
  const resolution = resolveSession(view, operation, circumstances);
  if (resolution.kind !== 'reached') return resolution;
  const { session: found, recovered, rolled_over, changed } = resolution;
  const { now, limits } = circumstances;
  const touchIntervalMs = Math.min(limits.touchIntervalMs, limits.idleTimeoutMs / 2);
  const isDue = now - toMillis(found.last_activity) >= touchIntervalMs;
  const session = isDue ? touch(found, now, limits) : found;
  return apply(
    { session: toSessionView(session), recovered, rolled_over },
    { sessions: isDue ? [...changed, session] : changed },
  );
};
