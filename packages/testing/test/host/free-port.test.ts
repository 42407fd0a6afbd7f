import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { freePort, withFreePort } from '../../src/host/free-port.ts';

describe('among the functions for ports,', () => {
  const servers: Server[] = [];
  const listen = async (port: number): Promise<Server> => {
    const server = createServer();
    servers.push(server);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  it('freePort() returns different ports on which a server can listen', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, freePort));
    assert.equal(new Set(ports).size, ports.length);
    await Promise.all(ports.map(listen));
  });

  it('withFreePort() starts the server on another port when a process has taken the first one', async () => {
    const tried: number[] = [];
    const server = await withFreePort(async (port) => {
      if (tried.push(port) === 1) await listen(port);
      return listen(port);
    });
    assert.equal(tried.length, 2);
    assert.deepEqual(server.address(), { address: '127.0.0.1', family: 'IPv4', port: tried[1] });
  });

  it('withFreePort() rethrows any other failure, and stops when every port is taken', async () => {
    const attempts = async (message: string): Promise<number> => {
      let count = 0;
      const start = async () => {
        count += 1;
        throw new Error(message);
      };
      await assert.rejects(withFreePort(start), { message });
      return count;
    };
    assert.equal(await attempts('no redis-server'), 1);
    assert.equal(await attempts('bind: Address already in use'), 5);
  });
});
