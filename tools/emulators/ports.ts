import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** The only address the suite listens on. */
export const suiteHost = '127.0.0.1';

// Below the range from which Linux and macOS take ports for outgoing connections, so that none of those
// can grab a port between our look and the emulator's start.
const lowest = 20_000;
const highest = 32_000;

/** Whether nobody listens on the port of this machine. */
export function isPortFree(port: number): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
    else reject(error);
  });
  server.listen({ host: suiteHost, port, exclusive: true }, () => server.close(() => resolve(true)));
  return promise;
}

/** Picks so many different free ports. */
export async function findFreePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(lowest, highest);
    if (await isPortFree(port)) found.add(port);
  }
  return [...found];
}

/** Waits until the ports are free, at most so long, and answers with those that are not. */
export async function waitForFreePorts(ports: readonly number[], timeoutMs: number): Promise<number[]> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const free = await Promise.all(ports.map(isPortFree));
    const taken = ports.filter((_, index) => free[index] === false);
    if (taken.length === 0 || Date.now() >= deadline) return taken;
    await delay(50);
  }
}
