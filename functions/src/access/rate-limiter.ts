import { createHash } from 'node:crypto';
import { ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';
import { SessionError } from 'kb-sessions';
import type { RedisConnection } from 'kb-sessions/redis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import * as z from 'zod';

const WINDOW_SECONDS = 60;
/** How long a failed Redis is not asked again, in milliseconds. A slow Redis would delay every call by its deadline. */
const RETRY_AFTER_MS = 1000;

/**
 * Counts a call of `key` in a window of one minute that begins with the first call of that key.
 * @throws SessionError `resource-exhausted` with the reason `rate` and `retry_after_ms` when the key has used its calls;
 *   `unavailable` when the call cannot be counted, so that no call passes uncounted
 */
export type RateLimiter = (key: string) => Promise<void>;

export type RateLimiterOptions = {
  /** Separates the keys of this limit from those of other limits. */
  name: string;
  callsPerMinute: number;
  /** Counts the calls of all instances together. When it is null or unavailable, each instance counts its own calls. */
  redis: Pick<RedisConnection, 'ask'> | null;
};

/** Returns a limiter of `callsPerMinute` calls per key and minute. It makes no Firestore operation. */
export const createRateLimiter = ({ name, callsPerMinute, redis }: RateLimiterOptions): RateLimiter => {
  const bounds = {
    points: callsPerMinute,
    duration: WINDOW_SECONDS,
    keyPrefix: `{kb-sessions}:rate:${name}`,
  };
  const local = new RateLimiterMemory(bounds);
  const limiter =
    redis === null
      ? local
      : new RateLimiterRedis({
          ...bounds,
          storeClient: redisClientFor(redis),
          useRedisPackage: true,
          insuranceLimiter: local,
          inMemoryBlockOnConsumed: callsPerMinute,
        });
  return async (key) => {
    try {
      // A hash keeps addresses and user ids out of the store and gives all keys one length.
      await limiter.consume(createHash('sha256').update(key).digest('base64url'));
    } catch (error) {
      if (error instanceof RateLimiterRes) throw rateLimitError(Math.max(1, error.msBeforeNext));
      throw new SessionError('unavailable', 'calls cannot be counted, try again', {}, error);
    }
  };
};

const rateLimitError = (retry_after_ms: number): SessionError =>
  new SessionError('resource-exhausted', 'too many calls, try again later', {
    reason: 'rate',
    retry_after_ms,
  });

/** The number of calls, and the milliseconds left of the minute. The limiter would let other replies pass unlimited. */
const counterReply = z.tuple([z.int(), z.int()]);

/** The part of a client of the package `redis` that the limiter uses. */
const redisClientFor = (redis: Pick<RedisConnection, 'ask'>) => {
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: RETRY_AFTER_MS,
    breaker: new ConsecutiveBreaker(1),
  });
  return {
    eval: (lua: string, options: { keys: string[]; arguments: string[] }) =>
      breaker.execute(async () => counterReply.parse(await redis.ask((client) => client.eval(lua, options)))),
  };
};
