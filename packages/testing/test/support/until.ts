import { setImmediate } from 'node:timers/promises';

/** Waits for what nothing announces, as long as the test may take. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await setImmediate();
}
