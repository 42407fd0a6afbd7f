import { createHash } from 'node:crypto';
import { ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';
import { SessionError } from 'kb-sessions';
import type { RedisConnection } from 'kb-sessions/redis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import * as z from 'zod';

const WINDOW_SECONDS = 60;
/** For so long a Redis that failed is not asked again, in milliseconds: a slow one would cost every call its deadline. */
const RETRY_AFTER_MS = 1000;

/**
 * Counts a call of `key` in the minute that began with its first one.
 * @throws SessionError `resource-exhausted`, reason `rate`, with `retry_after_ms`, where it has had its calls;
 *   `unavailable` where calls cannot be counted: no call passes uncounted
 */
export type RateLimiter = (key: string) => Promise<void>;

export type RateLimiterOptions = {
  /** Keeps the keys of one limit apart from those of another. */
  name: string;
  callsPerMinute: number;
  /** Counts for all instances together; while it is away, and where it is null, each instance counts for itself. */
  redis: Pick<RedisConnection, 'ask'> | null;
};

export const createRateLimiter = ({ name, callsPerMinute, redis }: RateLimiterOptions): RateLimiter => {
  const bounds = {
    points: callsPerMinute,
    duration: WINDOW_SECONDS,
    keyPrefix: `{kb-sessions}:rate:${name}`,
  };
  const own = new RateLimiterMemory(bounds);
  const limiter =
    redis === null
      ? own
      : new RateLimiterRedis({
          ...bounds,
          storeClient: redisClientFor(redis),
          useRedisPackage: true,
          insuranceLimiter: own,
          inMemoryBlockOnConsumed: callsPerMinute,
        });
  return async (key) => {
    try {
      // A store has no need of addresses and user ids; what it tells apart is of one length.
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

/** Calls counted, and milliseconds until the minute is over; the limiter would let pass what it cannot compare. */
const counterReply = z.tuple([z.int(), z.int()]);

/** As much of a client of the package `redis` as the limiter uses. */
const redisClientFor = (redis: Pick<RedisConnection, 'ask'>) => {
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: RETRY_AFTER_MS,
    breaker: new ConsecutiveBreaker(1),
  });
  return {
    eval: (lua: string, given: { keys: string[]; arguments: string[] }) =>
      breaker.execute(async () => counterReply.parse(await redis.ask((client) => client.eval(lua, given)))),
  };
};
