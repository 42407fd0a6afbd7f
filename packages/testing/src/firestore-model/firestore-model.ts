import { PassThrough, type Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Database, type DocumentChange } from './database.ts';
import { RpcError, STATUS, unsupportedError } from './rpc-error.ts';
import type { AggregationRequest, CommitRequest, GetRequest, QueryRequest } from './wire.ts';

/**
 * What happens to an RPC beside what it asks for:
 * - `before`: it fails with a code and has no effect;
 * - `after`: it has its effect, and fails with a code;
 * - `late`: it fails with DEADLINE_EXCEEDED, and has its effect when the schedule gets to it;
 * - `repeated`: the client library sends it twice, because the first answer was lost;
 * - `slow`: it has its effect only after `ms`;
 * - `silent`: it has its effect, and answers only after `ms`.
 */
export type ModelFault =
  | { kind: 'pass' | 'late' | 'repeated' }
  | { kind: 'before' | 'after'; code: number }
  | { kind: 'slow' | 'silent'; ms: number };

/** What is between one client and the model. */
export type Connection = {
  /** Awaited before an RPC has its effect, and again before its answer is delivered. */
  schedule(label: string): Promise<void>;
  /** Asked once per RPC, when it is sent. */
  fault(method: string): ModelFault;
};

export const RELIABLE_CONNECTION: Connection = { schedule: async () => {}, fault: () => ({ kind: 'pass' }) };

/**
 * A Firestore in memory. Commits are atomic and one after another; everything else about when what happens is the
 * schedule's. Clients are real: the model takes the place of the connection, so what a client encodes, checks and
 * decodes is the client library's own; what that repeats by itself is left out. What the model cannot do, it refuses
 * with UNIMPLEMENTED.
 */
export class FirestoreModel {
  readonly #database: Database;
  readonly #late = new Set<Promise<void>>();

  /** @param clock the server's time, in milliseconds since 1970 */
  constructor(clock: () => number) {
    this.#database = new Database(clock);
  }

  /**
   * Makes `client`, a Firestore of the client library that was given a project, one of this model's, and returns it.
   * Takes the place of the two methods through which the library makes all its RPCs.
   */
  serve<Client extends object>(client: Client, connection: Connection): Client {
    return Object.assign(client, {
      request: (method: string, request: unknown) => this.#call(connection, method, request),
      requestStream: async (method: string, _bidirectional: boolean, request: unknown) =>
        streamOf(await this.#call(connection, method, request)),
    });
  }

  /** `watcher` is told at once what each commit changed. */
  watch(watcher: (changes: DocumentChange[]) => void): void {
    this.#database.watch(watcher);
  }

  /** Resolves when every late RPC has had its effect. */
  async drainLateCalls(): Promise<void> {
    await Promise.all(this.#late);
  }

  async #call({ schedule, fault }: Connection, method: string, request: unknown): Promise<unknown> {
    const met = fault(method);
    if (met.kind === 'slow') await delay(met.ms);
    await schedule(method);
    if (met.kind === 'before') throw new RpcError(met.code, 'injected before the call');
    if (met.kind === 'late') {
      this.#applyLate(schedule(`late ${method}`), method, request);
      throw new RpcError(STATUS.deadlineExceeded, 'injected, the call is still under way');
    }
    const first = capture(() => this.#apply(method, request));
    const answer = met.kind === 'repeated' ? capture(() => this.#apply(method, request)) : first;
    if (met.kind === 'silent') await delay(met.ms);
    await schedule(`${method} answers`);
    if (met.kind === 'after') throw new RpcError(met.code, 'injected after the call');
    return answer();
  }

  #applyLate(turn: Promise<void>, method: string, request: unknown): void {
    const landing = turn.then(() => {
      // Its caller is long gone: that it was refused is nobody's news.
      capture(() => this.#apply(method, request));
    });
    this.#late.add(landing);
    void landing.then(() => this.#late.delete(landing));
  }

  /** Requests come from the client library, whose types of them are not public: this is where they get ours. */
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

/** What `work` gives now, or is refused with, for later. */
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
