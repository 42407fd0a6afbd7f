import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type Server, ServerCredentials } from '@grpc/grpc-js';

/** The client connections of a gRPC server. The server itself cannot reset one. */
export type Connections = {
  /** The address that clients connect to, as `host:port`. */
  address: string;
  /**
   * Resets a connection (RST), so that all calls on it fail.
   * @param peer the address of the client, as its calls report it
   */
  reset(peer: string): void;
  /** Closes all connections and the port. */
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
