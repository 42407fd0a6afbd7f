import assert from 'node:assert/strict';
import { isRedisInstalled, type RedisServer, startRedis } from 'kb-sessions-testing';

/** Skips the tests of the `describe` that this is called in where no redis-server is installed; in CI they fail. */
export const needRedis = (): void => {
  before(function () {
    if (isRedisInstalled()) return;
    assert.notEqual(process.env.CI, 'true', 'redis-server is not installed, and CI skips nothing');
    console.log('Skipped, because redis-server is not installed (Debian: apt-get install redis-server).');
    this.skip();
  });
};

/** A redis-server for the tests of the `describe` that this is called in, where it is installed. */
export const useRedis = (): (() => RedisServer) => {
  needRedis();
  let server: RedisServer | undefined;
  before(async () => {
    server = await startRedis();
  });
  after(() => server?.stop());
  return () => {
    assert.ok(server);
    return server;
  };
};
