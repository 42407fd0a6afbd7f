import * as logger from 'firebase-functions/logger';
import { onSchedule } from 'firebase-functions/scheduler';
import { theInstance } from '../compose.ts';
import { expireSessions as sweep } from '../session/index.ts';

const TIMEOUT_SECONDS = 540;
/** Time to finish the page in hand before the platform ends the function. */
const MARGIN_SECONDS = 40;

/** Ends sessions that are idle or too old. A run may overlap the next, and what it leaves the next one takes. */
export const expireSessions = onSchedule(
  { schedule: '*/5 * * * *', timeoutSeconds: TIMEOUT_SECONDS },
  async () => {
    const deadline = Date.now() + (TIMEOUT_SECONDS - MARGIN_SECONDS) * 1000;
    const { failure, ...swept } = await sweep(theInstance().setup, { deadline, clock: Date.now });
    logger.info('sessions.expired', swept);
    if (failure) throw failure;
  },
);
