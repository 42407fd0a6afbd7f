import { setTimeout as delay } from 'node:timers/promises';

/** Reads until `accepts` is content or the time is up, and returns what was read last: for what happens in another process. */
export const eventually = async <Value>(
  read: () => Promise<Value>,
  accepts: (value: Value) => boolean,
  withinMs = 30_000,
): Promise<Value> => {
  const deadline = Date.now() + withinMs;
  while (true) {
    const value = await read();
    if (accepts(value) || Date.now() >= deadline) return value;
    await delay(100);
  }
};
