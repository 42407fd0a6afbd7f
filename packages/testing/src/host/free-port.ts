import getPort from 'get-port';

const MAX_ATTEMPTS = 5;

/** Returns a free port of 127.0.0.1. Another process may take it before its user does: see {@link withFreePort}. */
export const freePort = (): Promise<number> => getPort({ host: '127.0.0.1' });

/** Starts a server on a free port, and on another one where some other process was faster. */
export const withFreePort = async <Server>(start: (port: number) => Promise<Server>): Promise<Server> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isPortTaken(error)) throw error;
    }
  }
};

/** By the words of Node, and by those of redis-server. */
const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && /EADDRINUSE|Address already in use/.test(error.message);
