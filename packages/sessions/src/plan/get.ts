import { viewOf } from 'kb-sessions-contract/views';
import { millisOf } from '../clock.ts';
import { touch } from '../lifecycle.ts';
import type { GetOperation, GetResult } from '../session-store.ts';
import { resolveSession } from './resolve-session.ts';
import { apply, type Plan, type PlanContext, type ReadView } from './types.ts';

/** Finds the session an id stands for. Reading keeps it alive, but costs a write only every `touchEveryMs`, or half the idle timeout. */
export const planGet = (
  view: ReadView,
  operation: GetOperation,
  circumstances: PlanContext,
): Plan<Omit<GetResult, 'durability' | 'metadata'>> => {
  const resolution = resolveSession(view, operation, circumstances);
  if (resolution.kind !== 'reached') return resolution;
  const { session: found, recovered, rolled_over, changed } = resolution;
  const { now, limits } = circumstances;
  const touchEveryMs = Math.min(limits.touchEveryMs, limits.idleTimeoutMs / 2);
  const isDue = now - millisOf(found.last_activity) >= touchEveryMs;
  const session = isDue ? touch(found, now, limits) : found;
  return apply(
    { session: viewOf(session), recovered, rolled_over },
    { sessions: isDue ? [...changed, session] : changed },
  );
};
