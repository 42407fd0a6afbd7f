import { applyWrite, nameOf } from './apply-write.ts';
import { knowAll, notModelled, RpcError } from './rpc-error.ts';
import { runQuery } from './run-query.ts';
import { ServerTime } from './times.ts';
import type {
  AggregationRequest,
  CommitRequest,
  GetRequest,
  QueryRequest,
  Stored,
  WireTime,
} from './wire.ts';

type WriteResult = { updateTime: WireTime };
/** A document that a commit changed; undefined where there is none. */
export type Change = { before: Stored | undefined; after: Stored | undefined };

type Committed = { writeResults: WriteResult[]; commitTime: WireTime };

/** The documents, and what each RPC does to them: at once and as a whole, so that any order of calls is serial. */
export class Database {
  readonly #time: ServerTime;
  readonly #watchers: ((changes: Change[]) => void)[] = [];
  #documents = new Map<string, Stored>();

  /** @param clock milliseconds since 1970 */
  constructor(clock: () => number) {
    this.#time = new ServerTime(clock);
  }

  watch(watcher: (changes: Change[]) => void): void {
    this.#watchers.push(watcher);
  }

  get(request: GetRequest): object[] {
    knowAll(request, ['database', 'documents']);
    const { documents } = request;
    const readTime = this.#time.now();
    return documents.map((name) => {
      const found = this.#documents.get(name);
      return found ? { found, readTime } : { missing: name, readTime };
    });
  }

  query(request: QueryRequest): object[] {
    knowAll(request, ['parent', 'structuredQuery']);
    const readTime = this.#time.now();
    const found = runQuery(this.#documents.values(), request);
    return found.length > 0 ? found.map((document) => ({ document, readTime })) : [{ readTime }];
  }

  count(request: AggregationRequest): object[] {
    knowAll(request, ['parent', 'structuredAggregationQuery']);
    const { parent, structuredAggregationQuery } = request;
    for (const aggregation of structuredAggregationQuery.aggregations)
      knowAll(aggregation, ['alias', 'count']);
    const { structuredQuery, aggregations } = structuredAggregationQuery;
    const { length } = runQuery(this.#documents.values(), { parent, structuredQuery });
    const fields = aggregations.map(({ alias }) => [alias, { integerValue: length }] as const);
    return [{ result: { aggregateFields: Object.fromEntries(fields) }, readTime: this.#time.now() }];
  }

  /** All writes or none; the first that fails decides with which error. */
  commit(request: CommitRequest): Committed {
    knowAll(request, ['database', 'writes']);
    const { writes } = request;
    const names = writes.map(nameOf);
    if (new Set(names).size < names.length) throw notModelled('commit that writes a document twice');
    const commitTime = this.#time.next();
    const after = new Map(this.#documents);
    for (const write of writes) {
      const name = nameOf(write);
      const document = applyWrite(after.get(name), write, commitTime);
      if (document) after.set(name, document);
      else after.delete(name);
    }
    const changes = names
      .map((name) => ({ before: this.#documents.get(name), after: after.get(name) }))
      .filter((change) => change.before !== change.after);
    this.#documents = after;
    for (const watcher of this.#watchers) watcher(changes);
    const writeResults = names.map((name) => ({ updateTime: after.get(name)?.updateTime ?? commitTime }));
    return { writeResults, commitTime };
  }

  /** Each write for itself, as a BulkWriter sends them. */
  batchWrite({ writes }: CommitRequest): object {
    const answers = writes.map((write) => {
      try {
        const { writeResults } = this.commit({ writes: [write] });
        return { result: writeResults[0], status: { code: 0 } };
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        return { result: {}, status: { code: error.code, message: error.message } };
      }
    });
    return {
      writeResults: answers.map(({ result }) => result),
      status: answers.map(({ status }) => status),
    };
  }
}
