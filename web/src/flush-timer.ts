import { isSessionsError } from 'kb-sessions-client';

/** How long to wait, while something is pending, until it is offered again. */
const AGAIN_MS = 5000;

/**
 * The clock for what is pending, as the client has none. `flush` offers it and resolves to how much is left.
 *
 * @returns `told` is to be called with each count of what is pending, `now` where offering may help at once
 */
export const startFlushTimer = (flush: () => Promise<number>) => {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const now = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    try {
      told(await flush());
    } catch (error) {
      // Somebody else has signed in meanwhile, of whom another count will tell.
      if (!isSessionsError(error)) throw error;
    }
  };

  const told = (pending: number): void => {
    if (pending > 0) timer ??= setTimeout(now, AGAIN_MS);
  };

  return { told, now };
};
