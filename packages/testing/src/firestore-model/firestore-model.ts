import { PassThrough, type Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Database, type DocumentChange } from './database.ts';
import { RpcError, STATUS, unsupportedError } from './rpc-error.ts';
import type { AggregationRequest, CommitRequest, GetRequest, QueryRequest } from './wire.ts';

/**
 * A fault of an RPC:
 * - `pass`: no fault;
 * - `before`: the RPC fails with a code and has no effect;
 * - `after`: the RPC takes effect and fails with a code;
 * - `late`: the RPC fails with DEADLINE_EXCEEDED and takes effect when the schedule allows it;
 * - `repeated`: the client library sends the RPC twice, because the first response was lost;
 * - `slow`: the RPC takes effect after `ms` milliseconds;
 * - `silent`: the RPC takes effect and responds after `ms` milliseconds.
 */
export type ModelFault =
  | { kind: 'pass' | 'late' | 'repeated' }
  | { kind: 'before' | 'after'; code: number }
  | { kind: 'slow' | 'silent'; ms: number };

/** The connection between one client and the model. */
export type Connection = {
  /** Resolves when the next step may happen: the effect of an RPC, and the delivery of its response. */
  schedule(label: string): Promise<void>;
  /** Returns the fault of an RPC. Called once, when the RPC is sent. */
  fault(method: string): ModelFault;
};

/** A connection without faults and delays. */
export const RELIABLE_CONNECTION: Connection = { schedule: async () => {}, fault: () => ({ kind: 'pass' }) };

/**
 * A Firestore in memory. Commits are atomic and serial; the schedule decides the order of everything else. Clients are
 * real: the model replaces their connection only, so the client library encodes, validates and decodes. Automatic retries
 * of the library are left out. Unsupported requests fail with UNIMPLEMENTED.
 */
export class FirestoreModel {
  readonly #database: Database;
  readonly #late = new Set<Promise<void>>();

  /** @param clock the server's time, in milliseconds since 1970 */
  constructor(clock: () => number) {
    this.#database = new Database(clock);
  }

  /**
   * Connects a client to this model and returns it, by replacing the two methods through which the client library makes
   * all RPCs.
   * @param client a `Firestore` of the client library, with a project id
   */
  serve<Client extends object>(client: Client, connection: Connection): Client {
    return Object.assign(client, {
      request: (method: string, request: unknown) => this.#call(connection, method, request),
      requestStream: async (method: string, _bidirectional: boolean, request: unknown) =>
        streamOf(await this.#call(connection, method, request)),
    });
  }

  /** Calls `watcher` with the changes of each commit, before the commit returns. */
  watch(watcher: (changes: DocumentChange[]) => void): void {
    this.#database.watch(watcher);
  }

  /** Resolves when every late RPC has taken effect. */
  async drainLateCalls(): Promise<void> {
    await Promise.all(this.#late);
  }

  async #call({ schedule, fault }: Connection, method: string, request: unknown): Promise<unknown> {
    const injected = fault(method);
    if (injected.kind === 'slow') await delay(injected.ms);
    await schedule(method);
    if (injected.kind === 'before') throw new RpcError(injected.code, 'injected before the call');
    if (injected.kind === 'late') {
      this.#applyLate(schedule(`late ${method}`), method, request);
      throw new RpcError(STATUS.deadlineExceeded, 'injected, the call is still under way');
    }
    const first = capture(() => this.#apply(method, request));
    const answer = injected.kind === 'repeated' ? capture(() => this.#apply(method, request)) : first;
    if (injected.kind === 'silent') await delay(injected.ms);
    await schedule(`${method} answers`);
    if (injected.kind === 'after') throw new RpcError(injected.code, 'injected after the call');
    return answer();
  }

  #applyLate(scheduled: Promise<void>, method: string, request: unknown): void {
    const application = scheduled.then(() => {
      // Its caller has already received an error, so a refusal is dropped.
      capture(() => this.#apply(method, request));
    });
    this.#late.add(application);
    void application.then(() => this.#late.delete(application));
  }

  /** The types of the client library's requests are not public, so they are asserted here. */
  #apply(method: string, request: unknown): unknown {
    const database = this.#database;
    if (method === 'commit') return database.commit(request as CommitRequest);
    if (method === 'batchWrite') return database.batchWrite(request as CommitRequest);
    if (method === 'batchGetDocuments') return database.get(request as GetRequest);
    if (method === 'runQuery') return database.query(request as QueryRequest);
    if (method === 'runAggregationQuery') return database.count(request as AggregationRequest);
    throw unsupportedError(`RPC ${method}`);
  }
}

/** Runs `work` now. Returns a function that returns its result or throws its RpcError. */
const capture = (work: () => unknown): (() => unknown) => {
  try {
    const answer = work();
    return () => answer;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return () => {
      throw error;
    };
  }
};

const streamOf = (answers: unknown): Readable => {
  const stream = new PassThrough({ objectMode: true });
  for (const answer of answers as object[]) stream.write(answer);
  stream.end();
  return stream;
};
