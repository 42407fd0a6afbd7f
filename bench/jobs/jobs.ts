import { eraseUser, expireSessions, type FirestoreContext, reconcileCounters } from 'kb-sessions/firestore';
import { RUN_BUDGET_MS, TRIGGER_GRACE_MS } from '../../functions/src/background/define-job.ts';
import { timeBudget } from '../../functions/src/services.ts';
import { OWNER } from './seed.ts';

export type JobName = 'expireSessions' | 'reconcileCounters' | 'eraseUser';

/** Runs a job once as its function does, until `deadline` by `Date.now` at most. Returns whether work is left. */
type Run = (context: FirestoreContext, deadline: number) => Promise<boolean>;

const jobBudget = (deadline: number) => ({
  deadline: Math.min(Date.now() + RUN_BUDGET_MS, deadline),
  clock: Date.now,
});

export const jobs: Record<JobName, Run> = {
  async expireSessions(context, deadline) {
    const { failure, more } = await expireSessions(context, jobBudget(deadline));
    if (failure !== undefined) throw failure;
    return more;
  },
  async reconcileCounters(context, deadline) {
    const options = { triggerGraceMs: TRIGGER_GRACE_MS, ...jobBudget(deadline) };
    const { failure, more } = await reconcileCounters(context, options);
    if (failure !== undefined) throw failure;
    return more;
  },
  async eraseUser(context, deadline) {
    const { deadline: callDeadline, clock } = timeBudget();
    const evict = async () => 0;
    const options = { owner: OWNER, evict, deadline: Math.min(callDeadline, deadline), clock };
    const { status } = await eraseUser(context, options);
    return status === 'sweeping';
  },
};
