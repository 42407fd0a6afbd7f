import type { google } from '@google-cloud/firestore/build/protos/firestore_v1_proto_api.js';
import { createDecoder } from '../protos.ts';
import { type QueryShape, queryShape } from './query-shape.ts';

const queryRequest = createDecoder<google.firestore.v1.IRunQueryRequest>('RunQueryRequest');
const aggregationRequest = createDecoder<google.firestore.v1.IRunAggregationQueryRequest>(
  'RunAggregationQueryRequest',
);
const listenRequest = createDecoder<google.firestore.v1.IListenRequest>('ListenRequest');

/** Collects each distinct shape of the queries in requests. */
export class QueryLog {
  readonly #shapes = new Map<string, QueryShape>();

  get shapes(): readonly QueryShape[] {
    return [...this.#shapes.values()];
  }

  /** Records the query of a request, if it has one. */
  record(method: string, request: Uint8Array): void {
    const shape = shapeOfRequest(method, request);
    if (shape) this.#shapes.set(JSON.stringify(shape), shape);
  }
}

const shapeOfRequest = (method: string, request: Uint8Array): QueryShape | undefined => {
  switch (method) {
    case 'RunQuery':
      return shapeOfQuery(queryRequest(request).structuredQuery);
    case 'Listen':
      return shapeOfQuery(listenRequest(request).addTarget?.query?.structuredQuery);
    case 'RunAggregationQuery': {
      const { structuredQuery, aggregations } = aggregationRequest(request).structuredAggregationQuery ?? {};
      return structuredQuery ? queryShape(structuredQuery, aggregations ?? []) : undefined;
    }
    default:
      return undefined;
  }
};

const shapeOfQuery = (
  query: google.firestore.v1.IStructuredQuery | null | undefined,
): QueryShape | undefined => (query ? queryShape(query) : undefined);
