import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import type { FirestoreProxy } from '../proxy/start-proxy.ts';
import { parseDelay, parseFault } from './fault.ts';

/** A running HTTP server that controls a proxy. */
export type FaultControl = {
  /** `host:port` */
  address: string;
  stop(): Promise<void>;
};

type ControlledProxy = Pick<FirestoreProxy, 'faults' | 'setDelay'>;

type Reply = {
  status: number;
  body?: unknown;
};

const NO_CONTENT: Reply = { status: 204 };

/**
 * Starts an HTTP server on a free port of 127.0.0.1, over which other processes control the faults and the delay of a proxy.
 *
 * `POST /faults` adds the fault in the body and responds with `{ id }`. `GET /faults` lists `{ id, fault, hits }`.
 * `DELETE /faults/{id}` removes one fault, `DELETE /faults` removes all. `POST /delay` expects `{ ms }`. Errors are
 * `{ error }`, with status 400, or 404 for an unknown path or id.
 */
export const startFaultControl = async (proxy: ControlledProxy): Promise<FaultControl> => {
  const server = createServer(async (request, response) => {
    const { status, body } = await reply(proxy, request).catch(
      (error: unknown): Reply => ({ status: 400, body: { error: String(error) } }),
    );
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`no port in the address ${address}`);
  return {
    address: `127.0.0.1:${address.port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};

const reply = async (proxy: ControlledProxy, request: IncomingMessage): Promise<Reply> => {
  const { faults } = proxy;
  const { method, url = '/' } = request;
  const [, resource, id] = url.split('/');
  switch (`${method} /${resource}${id === undefined ? '' : '/{id}'}`) {
    case 'POST /faults':
      return { status: 201, body: { id: faults.add(parseFault(await json(request))).id } };
    case 'GET /faults':
      return {
        status: 200,
        body: faults.all.map((added) => ({ id: added.id, fault: added.fault, hits: added.hits() })),
      };
    case 'DELETE /faults':
      faults.clear();
      return NO_CONTENT;
    case 'DELETE /faults/{id}': {
      const added = faults.all.find((one) => one.id === id);
      added?.remove();
      return added ? NO_CONTENT : { status: 404, body: { error: `no fault ${id}` } };
    }
    case 'POST /delay':
      proxy.setDelay(parseDelay(await json(request)));
      return NO_CONTENT;
    default:
      return { status: 404, body: { error: `no ${method} ${url}` } };
  }
};
