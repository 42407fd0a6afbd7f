import { setTimeout as delay } from 'node:timers/promises';
import { isUnavailable, lostEveryRace } from '../errors.ts';
import { failureOf } from './failures.ts';
import { MissedDeadline } from './in-time.ts';

const MAX_RACES = 12;
/** A second unclear outcome is no accident: the caller offers the call again, with the same ids. */
const MAX_UNCLEAR = 1;
const JITTER_MS = 5;

/**
 * What to do after a conditional write has failed: the function returned waits a few milliseconds, so that those who
 * race do not meet again, and resolves if the write is worth planning again.
 * It rejects with `aborted` after {@link MAX_RACES} lost races, with `unavailable` after repeated unclear outcomes, and
 * with the error itself where trying again will not help.
 */
export const tryingAgain = (): ((error: unknown) => Promise<void>) => {
  let races = 0;
  let unclear = 0;
  return async (error) => {
    const failure = failureOf(error);
    if (failure === 'refused') throw error;
    // After a missed deadline the caller has waited long enough.
    if (error instanceof MissedDeadline) throw isUnavailable(error);
    if (failure === 'unclear' && ++unclear > MAX_UNCLEAR) throw isUnavailable(error);
    if (++races > MAX_RACES) throw lostEveryRace(error);
    await delay(Math.random() * JITTER_MS * races);
  };
};
