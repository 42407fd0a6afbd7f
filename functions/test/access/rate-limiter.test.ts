import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { failureOf } from 'kb-sessions/internal/testing/assert-fails';
import { RedisConnection } from 'kb-sessions/redis';
import {
  commandRedis,
  PATIENCE_MS,
  untilConnected,
} from '../../../packages/sessions/test/support/redis-client.ts';
import { useRedis } from '../../../packages/sessions/test/support/redis-server.ts';
import { createRateLimiter, type RateLimiter } from '../../src/access/rate-limiter.ts';

const MINUTE_MS = 60_000;

/** How many of so many calls, one after the other, are let through. */
const passed = async (limit: RateLimiter, key: string, calls: number): Promise<number> => {
  let count = 0;
  for (let call = 0; call < calls; call += 1) {
    count += await limit(key).then(
      () => 1,
      () => 0,
    );
  }
  return count;
};

const assertRefused = async (limit: RateLimiter, key: string): Promise<void> => {
  const { code, details } = await failureOf(limit(key));
  const { retry_after_ms = 0, ...others } = details;
  assert.deepEqual({ code, ...others }, { code: 'resource-exhausted', reason: 'rate' });
  assert.ok(retry_after_ms > 0 && retry_after_ms <= MINUTE_MS, `${retry_after_ms} ms`);
};

/** A Redis that answers each command as it is told to. */
const redisThat = (answer: () => Promise<unknown>) => {
  const asked = { times: 0 };
  const ask = async <Reply>(): Promise<Reply> => {
    asked.times += 1;
    return (await answer()) as Reply;
  };
  return { ask, asked };
};

describe('createRateLimiter()', () => {
  it('refuses a call after the last allowed one and does not affect other keys', async () => {
    const limit = createRateLimiter({ name: 'user', callsPerMinute: 3, redis: null });
    assert.equal(await passed(limit, 'ann', 3), 3);
    await assertRefused(limit, 'ann');
    assert.equal(await passed(limit, 'bob', 3), 3);
  });

  it('allows the exact number of parallel calls', async () => {
    const limit = createRateLimiter({ name: 'user', callsPerMinute: 10, redis: null });
    const calls = await Promise.allSettled(Array.from({ length: 50 }, () => limit('ann')));
    assert.equal(calls.filter(({ status }) => status === 'fulfilled').length, 10);
  });

  it('counts in memory while Redis is unavailable and retries Redis at most once a second', async () => {
    const { ask, asked } = redisThat(() => Promise.reject(new Error('away')));
    const limit = createRateLimiter({ name: 'user', callsPerMinute: 5, redis: { ask } });
    const began = performance.now();
    assert.equal(await passed(limit, 'ann', 20), 5);
    assert.ok(asked.times <= 1 + (performance.now() - began) / 1000, `asked ${asked.times} times`);
    await assertRefused(limit, 'ann');
  });

  it('counts in memory when the answer of Redis is not a count', async () => {
    for (const answer of [null, [], ['many', 'ms'], [Number.NaN, 1000]]) {
      const { ask } = redisThat(async () => answer);
      assert.equal(
        await passed(createRateLimiter({ name: 'user', callsPerMinute: 5, redis: { ask } }), 'ann', 20),
        5,
      );
    }
  });

  it('refuses every call when it cannot count', async () => {
    const limit = createRateLimiter({ name: 'user', callsPerMinute: 5, redis: null });
    const { code, cause } = await failureOf(limit(undefined as never));
    assert.equal(code, 'unavailable');
    assert.ok(cause instanceof TypeError);
  });
});

describe('createRateLimiter() with Redis', () => {
  const server = useRedis();
  let connections: RedisConnection[] = [];
  const limitOf = async (name: string): Promise<RateLimiter> => {
    const redis = new RedisConnection(server().url, PATIENCE_MS);
    connections.push(redis);
    await untilConnected(redis);
    return createRateLimiter({ name, callsPerMinute: 4, redis });
  };
  afterEach(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    connections = [];
  });

  it('counts for all instances together and separately for each limit', async () => {
    const [one, other, addresses] = await Promise.all([limitOf('user'), limitOf('user'), limitOf('address')]);
    const key = randomUUID();
    assert.equal((await passed(one, key, 2)) + (await passed(other, key, 5)), 4);
    await assertRefused(one, key);
    await assertRefused(other, key);
    assert.equal(await passed(addresses, key, 4), 4);
  });

  it('stores keys only as hashes and for at most a minute', async () => {
    const limit = await limitOf('user');
    await limit('ann@example.com');
    const keys = await commandRedis(server().url, (client) => client.keys('*'));
    assert.ok(keys.length > 0);
    for (const key of keys) {
      assert.match(key, /^\{kb-sessions\}:rate:(user|address):[\w-]{43}$/);
      const ttl = await commandRedis(server().url, (client) => client.pTTL(key));
      assert.ok(ttl > 0 && ttl <= MINUTE_MS, `${ttl} ms`);
    }
  });

  it('continues to limit each instance after Redis stops', async () => {
    const limit = await limitOf('user');
    const key = randomUUID();
    assert.equal(await passed(limit, key, 1), 1);
    await server().stop();
    assert.equal(await passed(limit, key, 20), 4);
    await assertRefused(limit, key);
  });
});
