import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

/** Waits some milliseconds, or for a signal; resolves to false as soon as that is given up. */
export const waitUntil = async (until: number | AbortSignal, givenUp: AbortSignal): Promise<boolean> => {
  try {
    if (typeof until === 'number') await setTimeout(until, undefined, { signal: givenUp });
    else if (!until.aborted) await once(until, 'abort', { signal: givenUp });
    return true;
  } catch (error) {
    if (givenUp.aborted) return false;
    throw error;
  }
};
