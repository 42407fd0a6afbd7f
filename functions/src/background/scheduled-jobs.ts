import {
  expireSessions as expireSessionsNow,
  finishErasures as finishErasuresNow,
  reconcileCounters as reconcileCountersNow,
} from 'kb-sessions/firestore';
import { defineJob, TRIGGER_GRACE_MS } from './define-job.ts';

// A run may overlap the next one. The next run continues where one stopped.

/** Ends idle sessions and sessions at the end of their lifetime, every 5 minutes. */
export const expireSessions = defineJob({
  name: 'expireSessions',
  schedule: '*/5 * * * *',
  message: 'sessions.expired',
  run: ({ context }, budget) => expireSessionsNow(context, budget),
});

/** Continues interrupted erasures and makes the second sweep of each erasure, every 5 minutes. */
export const finishErasures = defineJob({
  name: 'finishErasures',
  schedule: '*/5 * * * *',
  message: 'users.erased',
  run: ({ context, store }, budget) =>
    finishErasuresNow(context, { evict: (owner) => store.evictUser(owner), ...budget }),
});

/**
 * Counts messages that the trigger missed, and sessions that are over, every 15 minutes. `messages_counted` of its log
 * line is the drift that it found.
 */
export const reconcileCounters = defineJob({
  name: 'reconcileCounters',
  schedule: '*/15 * * * *',
  message: 'counters.reconciled',
  run: ({ context }, budget) =>
    reconcileCountersNow(context, { triggerGraceMs: TRIGGER_GRACE_MS, ...budget }),
});
