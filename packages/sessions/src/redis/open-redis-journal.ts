import type { JournalBounds } from '../journal/journal.ts';
import { RedisConnection } from './redis-connection.ts';
import { RedisJournal } from './redis-journal.ts';

/**
 * A journal in the Redis at `url` (`redis[s]://[[username][:password]@]host[:port][/db]`). It connects in the
 * background: until Redis is there its operations fail, at once.
 */
export const openRedisJournal = (url: string, bounds: JournalBounds): RedisJournal =>
  new RedisJournal(new RedisConnection(url), bounds);
