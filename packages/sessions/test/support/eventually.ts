import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';

/** Less than mocha allows a test: a failure has to report the last value. */
const LIMIT_MS = 90_000;
const PAUSE_MS = 20;

/**
 * Reads until `accepts` returns true, and returns that value: for what happens in another process.
 * @throws Error with the last value if none is accepted
 */
export const eventually = async <Value>(
  read: () => Promise<Value> | Value,
  accepts: (value: Value) => boolean,
): Promise<Value> => {
  const startedAt = performance.now();
  while (true) {
    const value = await read();
    if (accepts(value)) return value;
    if (performance.now() - startedAt > LIMIT_MS)
      throw new Error(`no accepted value within ${LIMIT_MS / 1000} s, the last one was ${inspect(value)}`);
    await delay(PAUSE_MS);
  }
};
