import { applyWrite, documentName } from './apply-write.ts';
import { RpcError, rejectUnknownFields, unsupportedError } from './rpc-error.ts';
import { runQuery } from './run-query.ts';
import { ServerTime } from './times.ts';
import type {
  AggregationRequest,
  CommitRequest,
  GetRequest,
  QueryRequest,
  StoredDocument,
  WireTime,
} from './wire.ts';

type WriteResult = { updateTime: WireTime };
/** A document before and after a commit; undefined if there is none. */
export type DocumentChange = { before: StoredDocument | undefined; after: StoredDocument | undefined };

type CommitResponse = { writeResults: WriteResult[]; commitTime: WireTime };

/** The documents and the effects of the RPCs. Each RPC is atomic, so every order of calls is serializable. */
export class Database {
  readonly #time: ServerTime;
  readonly #watchers: ((changes: DocumentChange[]) => void)[] = [];
  #documents = new Map<string, StoredDocument>();

  /** @param clock the server's time, in milliseconds since 1970 */
  constructor(clock: () => number) {
    this.#time = new ServerTime(clock);
  }

  /** Calls `watcher` with the changes of each commit, before the commit returns. */
  watch(watcher: (changes: DocumentChange[]) => void): void {
    this.#watchers.push(watcher);
  }

  get(request: GetRequest): object[] {
    rejectUnknownFields(request, ['database', 'documents']);
    const { documents } = request;
    const readTime = this.#time.now();
    return documents.map((name) => {
      const found = this.#documents.get(name);
      return found ? { found, readTime } : { missing: name, readTime };
    });
  }

  query(request: QueryRequest): object[] {
    rejectUnknownFields(request, ['parent', 'structuredQuery']);
    const readTime = this.#time.now();
    const found = runQuery(this.#documents.values(), request);
    return found.length > 0 ? found.map((document) => ({ document, readTime })) : [{ readTime }];
  }

  count(request: AggregationRequest): object[] {
    rejectUnknownFields(request, ['parent', 'structuredAggregationQuery']);
    const { parent, structuredAggregationQuery } = request;
    for (const aggregation of structuredAggregationQuery.aggregations)
      rejectUnknownFields(aggregation, ['alias', 'count']);
    const { structuredQuery, aggregations } = structuredAggregationQuery;
    const { length } = runQuery(this.#documents.values(), { parent, structuredQuery });
    const fields = aggregations.map(({ alias }) => [alias, { integerValue: length }] as const);
    return [{ result: { aggregateFields: Object.fromEntries(fields) }, readTime: this.#time.now() }];
  }

  /** Applies all writes or none. Throws the error of the first write that fails. */
  commit(request: CommitRequest): CommitResponse {
    rejectUnknownFields(request, ['database', 'writes']);
    const { writes } = request;
    const names = writes.map(documentName);
    if (new Set(names).size < names.length) throw unsupportedError('commit that writes a document twice');
    const commitTime = this.#time.next();
    const after = new Map(this.#documents);
    for (const write of writes) {
      const name = documentName(write);
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

  /** Applies each write on its own, as a BulkWriter sends them. */
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
