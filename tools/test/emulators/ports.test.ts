import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { isPortFree, suiteHost } from '../../emulators/configured-ports.cjs';
import { findFreePorts, waitForFreePorts } from '../../emulators/ports.ts';

describe('among the port functions,', () => {
  let server: Server;
  let port: number;
  beforeEach(async () => {
    [port = 0] = await findFreePorts(1);
    server = createServer().listen(port, suiteHost);
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
  });

  it('isPortFree() distinguishes a used port from a free one', async () => {
    assert.equal(await isPortFree(port), false);
    server.close();
    await once(server, 'close');
    assert.equal(await isPortFree(port), true);
  });

  it('findFreePorts() returns different ports', async () => {
    const found = await findFreePorts(9);
    assert.equal(new Set(found).size, 9);
    assert.ok(!found.includes(port));
  });

  it('waitForFreePorts() waits for a port that becomes free', async () => {
    const waiting = waitForFreePorts([port], 5_000);
    server.close();
    assert.deepEqual(await waiting, []);
  });

  it('waitForFreePorts() names the port that remains in use', async () => {
    assert.deepEqual(await waitForFreePorts([port], 100), [port]);
  });
});
