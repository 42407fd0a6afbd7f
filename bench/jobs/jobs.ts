import { eraseUser, expireSessions, type FirestoreContext, reconcileCounters } from 'kb-sessions/firestore';
import { RUN_BUDGET_MS, TRIGGER_GRACE_MS } from '../../functions/src/background/define-job.ts';
import { timeBudget } from '../../functions/src/services.ts';
import { OWNER } from './seed.ts';

export type JobName = 'expireSessions' | 'reconcileCounters' | 'eraseUser';

/**
 * A run of a job as its function does it, which ends at `until` (milliseconds, by `Date.now`) if not before; whether
 * there is more to do.
 */
type Run = (setup: FirestoreContext, until: number) => Promise<boolean>;

export const jobs: Readonly<Record<JobName, Run>> = {
  async expireSessions(setup, until) {
    const { failure, more } = await expireSessions(setup, scheduled(until));
    if (failure !== undefined) throw failure;
    return more;
  },
  async reconcileCounters(setup, until) {
    const { failure, more } = await reconcileCounters(setup, {
      triggerGraceMs: TRIGGER_GRACE_MS,
      ...scheduled(until),
    });
    if (failure !== undefined) throw failure;
    return more;
  },
  async eraseUser(setup, until) {
    const { deadline, clock } = timeBudget();
    const evict = async () => 0;
    const options = { owner: OWNER, evict, deadline: Math.min(deadline, until), clock };
    const { status } = await eraseUser(setup, options);
    return status === 'sweeping';
  },
};

function scheduled(until: number) {
  return { deadline: Math.min(Date.now() + RUN_BUDGET_MS, until), clock: Date.now };
}
