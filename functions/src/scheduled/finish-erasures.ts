import * as logger from 'firebase-functions/logger';
import { onSchedule } from 'firebase-functions/scheduler';
import { theInstance } from '../compose.ts';
import { finishErasures as finish } from '../session/index.ts';

const TIMEOUT_SECONDS = 540;
/** Time to finish the pages in hand before the platform ends the function. */
const MARGIN_SECONDS = 40;

/** Sweeps users who were erased: a second time, and where a first sweep was cut short. A run may overlap the next. */
export const finishErasures = onSchedule(
  { schedule: '*/5 * * * *', timeoutSeconds: TIMEOUT_SECONDS },
  async () => {
    const { setup, store } = theInstance();
    const { failure, ...finished } = await finish(setup, {
      forget: (owner) => store.forget(owner),
      deadline: Date.now() + (TIMEOUT_SECONDS - MARGIN_SECONDS) * 1000,
      clock: Date.now,
    });
    logger.info('users.erased', finished);
    if (failure) throw failure;
  },
);
