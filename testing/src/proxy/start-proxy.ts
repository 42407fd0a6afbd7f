import { Client, credentials, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { QueryLog } from '../indexes/query-log.ts';
import type { QueryShape } from '../indexes/query-shape.ts';
import { type CallRecorder, Meter } from '../meter/meter.ts';
import { firestoreMethods, methodPath } from '../protos.ts';
import { asIs, forward, type IncomingCall } from './forward.ts';

/** Messages may be as large as the target allows. */
const NO_LIMITS = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };

/** A running proxy in front of a Firestore emulator. */
export interface FirestoreProxy {
  /** `host:port`, for FIRESTORE_EMULATOR_HOST. */
  readonly address: string;
  readonly meter: Meter;
  /** Each distinct shape of query seen so far, for {@link missingIndexes}. */
  readonly queries: readonly QueryShape[];
  /** From now on each RPC waits this long before it is forwarded; 0 to stop that. */
  delay(milliseconds: number): void;
  /** Breaks what is under way and frees the port. */
  stop(): Promise<void>;
}

/**
 * Starts a gRPC proxy on a free port of 127.0.0.1 that forwards every RPC of google.firestore.v1.Firestore.
 * Others, and the emulator's REST calls, are answered UNIMPLEMENTED: they go to the emulator itself.
 */
export async function startProxy({ target }: { target: string }): Promise<FirestoreProxy> {
  const meter = new Meter();
  const queries = new QueryLog();
  const client = new Client(target, credentials.createInsecure(), NO_LIMITS);
  const server = new Server(NO_LIMITS);
  let delay = 0;

  const handle = (method: string, incoming: IncomingCall) => {
    const call = meter.start(method);
    const recorder: CallRecorder = {
      request(message) {
        call.request(message);
        queries.record(method, message);
      },
      response: (message) => call.response(message),
      end: (code) => call.end(code),
    };
    if (delay === 0) return forward(incoming, client, recorder);
    const timer = setTimeout(() => {
      incoming.off('cancelled', giveUp);
      forward(incoming, client, recorder);
    }, delay);
    const giveUp = () => {
      clearTimeout(timer);
      recorder.end(status.CANCELLED);
    };
    incoming.once('cancelled', giveUp);
  };
  for (const method of firestoreMethods) {
    server.register(
      methodPath(method),
      (incoming: IncomingCall) => handle(method, incoming),
      asIs,
      asIs,
      'bidi',
    );
  }

  return {
    address: `127.0.0.1:${await listen(server)}`,
    meter,
    get queries() {
      return queries.shapes;
    },
    delay(milliseconds) {
      delay = milliseconds;
    },
    async stop() {
      server.forceShutdown();
      client.close();
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}
