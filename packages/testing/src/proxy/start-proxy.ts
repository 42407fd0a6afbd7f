import { once } from 'node:events';
import { Client, credentials, Server } from '@grpc/grpc-js';
import { Faults } from '../faults/faults.ts';
import { resourcePaths } from '../faults/resource-paths.ts';
import { QueryLog } from '../indexes/query-log.ts';
import type { QueryShape } from '../indexes/query-shape.ts';
import { type CallRecorder, Meter } from '../meter/meter.ts';
import { firestoreMethods, methodPath } from '../protos.ts';
import { acceptConnections } from './connections.ts';
import { forward, type IncomingCall, rawBytes } from './forward.ts';
import { injectFault, recordCancelled } from './inject-fault.ts';
import { waitUntil } from './wait-until.ts';

/** The target limits the size of messages. */
const NO_LIMITS = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };

/** A running proxy in front of a Firestore emulator. */
export type FirestoreProxy = {
  /** `host:port`, for FIRESTORE_EMULATOR_HOST. */
  address: string;
  meter: Meter;
  /** Each distinct shape of the queries so far, for {@link missingIndexes}. */
  queries: readonly QueryShape[];
  /** Sets how long each later RPC waits before it is forwarded; 0 for no delay. */
  setDelay(milliseconds: number): void;
  /** The faults of later RPCs. */
  faults: Pick<Faults, 'add' | 'clear' | 'all'>;
  /** Cancels the open RPCs and frees the port. */
  stop(): Promise<void>;
};

/**
 * Starts a gRPC proxy on a free port of 127.0.0.1 that forwards every RPC of google.firestore.v1.Firestore. Other RPCs and
 * the REST calls of the emulator fail with UNIMPLEMENTED: send them to the emulator itself.
 * @param target the emulator, as `host:port`
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
    const abandoned = AbortSignal.any([cancellationOf(incoming), stop.signal]);
    if (delay > 0 && !(await waitUntil(delay, abandoned))) return recordCancelled(recorder);
    if (!faults.mayAffect(method)) return forward(incoming, client, recorder);
    const request = await firstMessage(incoming, abandoned);
    if (abandoned.aborted) return recordCancelled(recorder);
    const triggered = request && faults.trigger({ method, paths: resourcePaths(method, request) });
    if (!triggered) return forward(incoming, client, recorder);
    await injectFault(
      { incoming, target: client, recorder, connections, abandoned, stopping: stop.signal },
      request,
      triggered,
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

const cancellationOf = (incoming: IncomingCall): AbortSignal => {
  const controller = new AbortController();
  incoming.once('cancelled', () => controller.abort());
  return controller.signal;
};

/** Waits for the first message of a call, without consuming it. Returns undefined if the call ends without one. */
const firstMessage = async (incoming: IncomingCall, abandoned: AbortSignal): Promise<Buffer | undefined> => {
  try {
    await once(incoming, 'readable', { signal: abandoned });
  } catch (error) {
    if (abandoned.aborted) return undefined;
    throw error;
  }
  const message: Buffer | null = incoming.read();
  if (message === null) return undefined;
  incoming.unshift(message);
  return message;
};
