import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type Server, ServerCredentials } from '@grpc/grpc-js';

/** The clients' connections to a gRPC server, which itself has no way to break one. */
export type Connections = {
  /** `host:port` that clients connect to. */
  address: string;
  /**
   * Resets a connection (RST), so that all calls on it fail.
   * @param peer as calls on it name it
   */
  reset(peer: string): void;
  /** Closes all, and the port. */
  close(): Promise<void>;
};

/** Accepts connections for a server on a free port of 127.0.0.1. */
export const acceptConnections = async (server: Server): Promise<Connections> => {
  const sockets = new Map<string, Socket>();
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = createServer({ noDelay: true }, (socket) => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    sockets.set(peer, socket);
    socket.once('close', () => sockets.delete(peer));
    injector.injectConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error(`no port in the address ${address}`);
  return {
    address: `127.0.0.1:${address.port}`,
    reset: (peer) => sockets.get(peer)?.resetAndDestroy(),
    async close() {
      const closed = once(listener, 'close');
      listener.close();
      for (const socket of sockets.values()) socket.destroy();
      await closed;
    },
  };
};
