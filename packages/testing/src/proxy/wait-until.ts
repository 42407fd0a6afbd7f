import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

/** Waits some milliseconds or for a signal. Resolves to false as soon as `abandoned` aborts, otherwise to true. */
export const waitUntil = async (until: number | AbortSignal, abandoned: AbortSignal): Promise<boolean> => {
  try {
    if (typeof until === 'number') await setTimeout(until, undefined, { signal: abandoned });
    else if (!until.aborted) await once(until, 'abort', { signal: abandoned });
    return true;
  } catch (error) {
    if (abandoned.aborted) return false;
    throw error;
  }
};
