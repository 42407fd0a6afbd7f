import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../support/user-error.ts';
import { isPortFree } from './configured-ports.cjs';

// Below the range from which Linux and macOS take ports for outgoing connections, so that none of those
// can grab a port between our look and the emulator's start.
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** Another process may take a free port before its user does. */
const MAX_ATTEMPTS = 3;

/** Another process has taken a port that was free before. */
export class PortTakenError extends UserError {}

/** Picks different free ports of this machine. */
export const findFreePorts = async (count: number): Promise<number[]> => {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isPortFree(port)) found.add(port);
  }
  return [...found];
};

/** Runs something on free ports. When it fails with a {@link PortTakenError}, it runs again, on others. */
export const withFreePorts = async <Result>(
  count: number,
  run: (ports: number[]) => Promise<Result>,
): Promise<Result> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run(await findFreePorts(count));
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !(error instanceof PortTakenError)) throw error;
    }
  }
};

/** Waits until the ports are free or the time is over, and returns those that are not. */
export const waitForFreePorts = async (ports: readonly number[], timeoutMs: number): Promise<number[]> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const free = await Promise.all(ports.map(isPortFree));
    const taken = ports.filter((_, index) => free[index] === false);
    if (taken.length === 0 || Date.now() >= deadline) return taken;
    await delay(50);
  }
};
