import { reconcileCounters as reconcile } from 'kb-sessions/firestore';
import { defineJob, TRIGGER_GRACE_MS } from './define-job.ts';

/** Counts what the trigger did not, and sessions that are over; `messages_counted` of its log line is the drift it found. */
export const reconcileCounters = defineJob({
  name: 'reconcileCounters',
  schedule: '*/15 * * * *',
  message: 'counters.reconciled',
  run: ({ context }, budget) => reconcile(context, { youngMs: TRIGGER_GRACE_MS, ...budget }),
});
