import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { isPortFree, suiteHost } from '../../emulators/configured-ports.cjs';
import { findFreePorts, PortTakenError, waitForFreePorts, withFreePorts } from '../../emulators/ports.ts';

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

  it('withFreePorts() runs again on other ports when one was taken, three times at most', async () => {
    const tried: number[] = [];
    const run = async ([port = 0]: number[]) => {
      if (tried.push(port) < 3) throw new PortTakenError(`Port ${port} is taken`);
      return port;
    };
    assert.equal(await withFreePorts(1, run), tried[2]);
    assert.equal(new Set(tried).size, 3);
    const alwaysTaken = async () => {
      tried.push(0);
      throw new PortTakenError('taken');
    };
    await assert.rejects(withFreePorts(1, alwaysTaken), { message: 'taken' });
    assert.equal(tried.length, 6);
  });

  it('withFreePorts() does not repeat another failure', async () => {
    let runs = 0;
    const run = async () => {
      runs += 1;
      throw new Error('no emulator');
    };
    await assert.rejects(withFreePorts(1, run), { message: 'no emulator' });
    assert.equal(runs, 1);
  });
});
