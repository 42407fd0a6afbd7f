import { reconcileCounters as reconcile } from '../session/index.ts';
import { job } from './job.ts';
import { YOUNG_MS } from './run-times.ts';

/** Counts what the trigger did not, and sessions that are over; `messages_counted` of its log line is the drift it found. */
export const reconcileCounters = job({
  name: 'reconcileCounters',
  schedule: '*/15 * * * *',
  message: 'counters.reconciled',
  run: ({ setup }, budget) => reconcile(setup, { youngMs: YOUNG_MS, ...budget }),
});
