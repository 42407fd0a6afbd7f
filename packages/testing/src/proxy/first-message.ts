import { once } from 'node:events';
import type { IncomingCall } from './incoming-call.ts';

/** Waits for the first message of a call and leaves it there to be read. `undefined` if none comes. */
export const firstMessage = async (
  incoming: IncomingCall,
  givenUp: AbortSignal,
): Promise<Buffer | undefined> => {
  try {
    await once(incoming, 'readable', { signal: givenUp });
  } catch (error) {
    if (givenUp.aborted) return undefined;
    throw error;
  }
  const message: Buffer | null = incoming.read();
  if (message === null) return undefined;
  incoming.unshift(message);
  return message;
};
