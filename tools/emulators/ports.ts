import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isPortFree } from './configured-ports.cjs';

// Below the range from which Linux and macOS take ports for outgoing connections, so that none of those
// can grab a port between our look and the emulator's start.
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** Picks different free ports of this machine. */
export const findFreePorts = async (count: number): Promise<number[]> => {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isPortFree(port)) found.add(port);
  }
  return [...found];
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
