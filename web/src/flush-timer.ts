import { isSessionsError } from 'kb-sessions-client';

/** How long to wait before pending operations are offered again. */
const FLUSH_INTERVAL_MS = 5000;

/**
 * Flushes the outbox periodically while operations are pending, because the client has no timers.
 *
 * @param flush - offers the pending operations and resolves to how many are still pending
 * @returns `schedule`, to call with each new number of pending operations, and `flushNow`
 */
export const startFlushTimer = (flush: () => Promise<number>) => {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flushNow = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    try {
      schedule(await flush());
    } catch (error) {
      // Another user has signed in meanwhile, whose number of pending operations follows.
      if (!isSessionsError(error)) throw error;
    }
  };

  const schedule = (pending: number): void => {
    if (pending > 0) timer ??= setTimeout(flushNow, FLUSH_INTERVAL_MS);
  };

  return { schedule, flushNow };
};
