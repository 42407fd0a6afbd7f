/**
 * A journal in Redis, which the instances share. Needs the package `redis`.
 *
 * @module
 */
export { RedisConnection } from './redis-connection.ts';
export { RedisJournal } from './redis-journal.ts';
