import { Client, credentials, Server } from '@grpc/grpc-js';
import { Faults } from '../faults/faults.ts';
import { resourcePaths } from '../faults/resource-paths.ts';
import { QueryLog } from '../indexes/query-log.ts';
import type { QueryShape } from '../indexes/query-shape.ts';
import { type CallRecorder, Meter } from '../meter/meter.ts';
import { firestoreMethods, methodPath } from '../protos.ts';
import { acceptConnections } from './connections.ts';
import { firstMessage } from './first-message.ts';
import { forward, rawBytes } from './forward.ts';
import type { IncomingCall } from './incoming-call.ts';
import { injectFault, recordCancelled } from './inject-fault.ts';
import { waitUntil } from './wait-until.ts';

/** Messages may be as large as the target allows. */
const NO_LIMITS = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };

/** A running proxy in front of a Firestore emulator. */
export type FirestoreProxy = {
  /** `host:port`, for FIRESTORE_EMULATOR_HOST. */
  address: string;
  meter: Meter;
  /** Each distinct shape of query seen so far, for {@link missingIndexes}. */
  queries: readonly QueryShape[];
  /** From now on each RPC waits this long before it is forwarded; 0 to stop that. */
  setDelay(milliseconds: number): void;
  /** What goes wrong with RPCs from now on. */
  faults: Pick<Faults, 'add' | 'clear' | 'all'>;
  /** Breaks what is under way and frees the port. */
  stop(): Promise<void>;
};

/**
 * Starts a gRPC proxy on a free port of 127.0.0.1 that forwards every RPC of google.firestore.v1.Firestore.
 * Others, and the emulator's REST calls, are answered UNIMPLEMENTED: they go to the emulator itself.
 */
export const startProxy = async ({ target }: { target: string }): Promise<FirestoreProxy> => {
  const meter = new Meter();
  const queries = new QueryLog();
  const client = new Client(target, credentials.createInsecure(), NO_LIMITS);
  const server = new Server(NO_LIMITS);
  const connections = await acceptConnections(server);
  const faults = new Faults();
  const stop = new AbortController();
  let delay = 0;

  const handle = async (method: string, incoming: IncomingCall) => {
    const call = meter.start(method);
    const recorder: CallRecorder = {
      request(message) {
        call.request(message);
        queries.record(method, message);
      },
      response: (message) => call.response(message),
      end: (code) => call.end(code),
    };
    if (delay === 0 && !faults.mayAffect(method)) return forward(incoming, client, recorder);
    const givenUp = AbortSignal.any([cancelled(incoming), stop.signal]);
    if (delay > 0 && !(await waitUntil(delay, givenUp))) return recordCancelled(recorder);
    if (!faults.mayAffect(method)) return forward(incoming, client, recorder);
    const request = await firstMessage(incoming, givenUp);
    if (givenUp.aborted) return recordCancelled(recorder);
    const strike = request && faults.trigger({ method, paths: resourcePaths(method, request) });
    if (!strike) return forward(incoming, client, recorder);
    await injectFault(
      { incoming, target: client, recorder, connections, abandoned: givenUp, stopping: stop.signal },
      request,
      strike,
    );
  };
  for (const method of firestoreMethods) {
    server.register(
      methodPath(method),
      (incoming: IncomingCall) => handle(method, incoming),
      rawBytes,
      rawBytes,
      'bidi',
    );
  }

  return {
    address: connections.address,
    meter,
    faults,
    get queries() {
      return queries.shapes;
    },
    setDelay(milliseconds) {
      delay = milliseconds;
    },
    async stop() {
      stop.abort();
      server.forceShutdown();
      await connections.close();
      client.close();
    },
  };
};

const cancelled = (incoming: IncomingCall): AbortSignal => {
  const controller = new AbortController();
  incoming.once('cancelled', () => controller.abort());
  return controller.signal;
};
