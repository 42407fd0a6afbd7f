import { setTimeout as delay } from 'node:timers/promises';
import type { RedisClientType } from 'redis';
import { RedisConnection } from '../../src/redis/redis-connection.ts';

/** For tests that are not about deadlines: on a busy machine the usual one may be missed. */
export const PATIENCE_MS = 10_000;

/** Resolves when a connection is there, or answers its last error after 5 s. */
export const untilConnected = async (connection: RedisConnection): Promise<void> => {
  const deadline = Date.now() + 5000;
  while (true) {
    try {
      await connection.ask((client) => client.ping());
      return;
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await delay(5);
    }
  }
};

/** Runs commands of a test on a connection of its own. */
export const commandRedis = async <Reply>(
  url: string,
  command: (client: RedisClientType) => Promise<Reply>,
): Promise<Reply> => {
  const connection = new RedisConnection(url, PATIENCE_MS);
  try {
    await untilConnected(connection);
    return await connection.ask(command);
  } finally {
    await connection.close();
  }
};
