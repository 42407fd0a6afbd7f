import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { isRedisInstalled, startRedis } from '../../src/index.ts';
import { until } from '../support/until.ts';

const isListening = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};

describe('startRedis()', () => {
  before(function () {
    if (isRedisInstalled()) return;
    assert.notEqual(process.env.CI, 'true', 'redis-server is not installed, and CI skips nothing');
    console.log('Skipped, because redis-server is not installed (Debian: apt-get install redis-server).');
    this.skip();
  });

  it('starts a server that ends at stop(), paused or not', async () => {
    for (const isPaused of [false, true]) {
      const server = await startRedis();
      assert.ok(await isListening(server.port));
      if (isPaused) server.pause();
      await server.stop();
      assert.ok(!(await isListening(server.port)));
    }
  });

  it('fails with the message of the server when the port is taken', async () => {
    const server = await startRedis();
    try {
      await assert.rejects(startRedis(server.port), /Address already in use/);
      assert.ok(await isListening(server.port));
    } finally {
      await server.stop();
    }
  });

  it('starts a server that ends with the process in every case', async () => {
    const code = `
      const { startRedis } = await import('./packages/testing/src/redis/start-redis.ts');
      console.log((await startRedis()).port);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [printed] = await once(child.stdout, 'data');
    const port = Number(printed);
    assert.ok(await isListening(port));
    child.kill('SIGKILL');
    await until(async () => !(await isListening(port)));
  });
});
