import type { RedisClientType } from 'redis';
import { RedisConnection } from '../../src/redis/redis-connection.ts';
import { eventually } from './eventually.ts';

/** The deadline in tests that are not about deadlines: a busy machine may miss the usual one. */
export const PATIENCE_MS = 30_000;

/** Resolves when Redis answers. */
export const untilConnected = async (connection: RedisConnection): Promise<void> => {
  await eventually(
    () =>
      connection
        .ask((client) => client.ping())
        .then(
          () => 'connected',
          (error: unknown) => error,
        ),
    (outcome) => outcome === 'connected',
  );
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
