import { Client, credentials, Metadata, type StatusObject } from '@grpc/grpc-js';
import { encode } from './encode.ts';

export interface RawCall {
  cancel(): void;
  /** Resolves with the first message of the answer. */
  readonly begun: Promise<void>;
  /** How it ended, after how many messages. */
  readonly ended: Promise<{ readonly code: number; readonly details: string; readonly messages: number }>;
}

const asIs = (message: Buffer) => message;

/** Calls of Firestore as they are, without what a client library makes of them. */
export class RawCalls {
  readonly #client: Client;
  readonly #database: string;

  constructor(address: string, projectId: string) {
    this.#client = new Client(address, credentials.createInsecure());
    this.#database = `projects/${projectId}/databases/(default)`;
  }

  /** Sets the field `n` of a document. */
  set(path: string, n: number): RawCall {
    const update = { name: this.#name(path), fields: { n: { integerValue: n } } };
    return this.#call('Commit', { database: this.#database, writes: [{ update }] });
  }

  get(path: string): RawCall {
    return this.#call('BatchGetDocuments', { database: this.#database, documents: [this.#name(path)] });
  }

  query(collectionId: string): RawCall {
    const structuredQuery = { from: [{ collectionId }] };
    return this.#call('RunQuery', { parent: `${this.#database}/documents`, structuredQuery });
  }

  count(collectionId: string): RawCall {
    const structuredQuery = { from: [{ collectionId }] };
    const structuredAggregationQuery = { structuredQuery, aggregations: [{ alias: 'n', count: {} }] };
    return this.#call('RunAggregationQuery', {
      parent: `${this.#database}/documents`,
      structuredAggregationQuery,
    });
  }

  listen(path: string): RawCall {
    const addTarget = { targetId: 1, documents: { documents: [this.#name(path)] } };
    return this.#call('Listen', { database: this.#database, addTarget });
  }

  close(): void {
    this.#client.close();
  }

  #name(path: string): string {
    return `${this.#database}/documents/${path}`;
  }

  #call(method: string, fields: object): RawCall {
    const metadata = new Metadata();
    metadata.set('authorization', 'Bearer owner');
    metadata.set('google-cloud-resource-prefix', this.#database);
    const path = `/google.firestore.v1.Firestore/${method}`;
    const call = this.#client.makeBidiStreamRequest(path, asIs, asIs, metadata);
    call.write(Buffer.from(encode(`${method}Request`, fields)));
    // A listener that says no more is one that has gone.
    if (method !== 'Listen') call.end();
    let messages = 0;
    call.on('data', () => {
      messages += 1;
    });
    // What a failed call throws is its status.
    call.on('error', () => {});
    return {
      cancel: () => call.cancel(),
      begun: new Promise((resolve) => call.once('data', () => resolve())),
      ended: new Promise((resolve) => {
        call.on('status', ({ code, details }: StatusObject) => {
          call.on('end', () => resolve({ code, details, messages }));
        });
      }),
    };
  }
}
