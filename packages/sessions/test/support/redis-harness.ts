import type { RedisServer } from 'kb-sessions-testing';
import { RedisConnection } from '../../src/redis/redis-connection.ts';
import { RedisJournal } from '../../src/redis/redis-journal.ts';
import { type MakeJournalHarness, ROOMY } from '../../src/testing/journal-contract/journal-harness.ts';
import { PATIENCE_MS, untilConnected } from './redis-client.ts';

/** Two RedisJournals on an empty server. */
export const redisHarness =
  (server: () => RedisServer): MakeJournalHarness =>
  async (given) => {
    const bounds = { ...ROOMY, ...given };
    const connect = () => new RedisConnection(server().url, PATIENCE_MS);
    const [connection, other] = [connect(), connect()];
    await Promise.all([connection, other].map(untilConnected));
    await connection.ask((client) => client.flushAll());
    const journal = new RedisJournal(connection, bounds);
    const peer = new RedisJournal(other, bounds);
    const close = async () => {
      await Promise.all([journal.close(), peer.close()]);
    };
    const cpuMs = async () => {
      const cpu = await connection.ask((client) => client.info('cpu'));
      const used = [...cpu.matchAll(/^used_cpu_(?:user|sys):([\d.]+)/gm)].map(([, seconds]) =>
        Number(seconds),
      );
      return 1000 * used.reduce((sum, seconds) => sum + seconds, 0);
    };
    return { journal, peer, isComplete: true, cpuMs, close };
  };
