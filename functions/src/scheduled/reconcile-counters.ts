import * as logger from 'firebase-functions/logger';
import { onSchedule } from 'firebase-functions/scheduler';
import { theInstance } from '../compose.ts';
import { reconcileCounters as reconcile } from '../session/index.ts';

const TIMEOUT_SECONDS = 540;
/** Time to finish the page in hand before the platform ends the function. */
const MARGIN_SECONDS = 40;
/** A trigger is usually there within seconds; what is older than this was lost or keeps failing. */
const YOUNG_MS = 10 * 60 * 1000;

/** Counts what the trigger did not, and sessions that are over; `messages_counted` of its log line is the drift it found. */
export const reconcileCounters = onSchedule(
  { schedule: '*/15 * * * *', timeoutSeconds: TIMEOUT_SECONDS },
  async () => {
    const deadline = Date.now() + (TIMEOUT_SECONDS - MARGIN_SECONDS) * 1000;
    const { failure, ...reconciled } = await reconcile(theInstance().setup, {
      youngMs: YOUNG_MS,
      deadline,
      clock: Date.now,
    });
    logger.info('counters.reconciled', reconciled);
    if (failure) throw failure;
  },
);
