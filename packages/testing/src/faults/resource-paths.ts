import type { google } from '@google-cloud/firestore/build/protos/firestore_v1_proto_api.js';
import { createDecoder } from '../protos.ts';

type Write = google.firestore.v1.IWrite;
type Query = google.firestore.v1.IStructuredQuery;
type Text = string | null | undefined;

const get = createDecoder<google.firestore.v1.IGetDocumentRequest>('GetDocumentRequest');
const list = createDecoder<google.firestore.v1.IListDocumentsRequest>('ListDocumentsRequest');
const create = createDecoder<google.firestore.v1.ICreateDocumentRequest>('CreateDocumentRequest');
const update = createDecoder<google.firestore.v1.IUpdateDocumentRequest>('UpdateDocumentRequest');
const remove = createDecoder<google.firestore.v1.IDeleteDocumentRequest>('DeleteDocumentRequest');
const batchGet = createDecoder<google.firestore.v1.IBatchGetDocumentsRequest>('BatchGetDocumentsRequest');
const commit = createDecoder<google.firestore.v1.ICommitRequest>('CommitRequest');
const batchWrite = createDecoder<google.firestore.v1.IBatchWriteRequest>('BatchWriteRequest');
const writeStream = createDecoder<google.firestore.v1.IWriteRequest>('WriteRequest');
const runQuery = createDecoder<google.firestore.v1.IRunQueryRequest>('RunQueryRequest');
const aggregate = createDecoder<google.firestore.v1.IRunAggregationQueryRequest>(
  'RunAggregationQueryRequest',
);
const partition = createDecoder<google.firestore.v1.IPartitionQueryRequest>('PartitionQueryRequest');
const listen = createDecoder<google.firestore.v1.IListenRequest>('ListenRequest');

const readers: Record<string, (request: Uint8Array) => readonly Text[]> = {
  GetDocument: (request) => [get(request).name],
  ListDocuments: (request) => [collection(list(request))],
  CreateDocument(request) {
    const { documentId, ...within } = create(request);
    return [collection(within)?.concat(documentId ?? '')];
  },
  UpdateDocument: (request) => [update(request).document?.name],
  DeleteDocument: (request) => [remove(request).name],
  BatchGetDocuments: (request) => batchGet(request).documents ?? [],
  Commit: (request) => written(commit(request).writes),
  BatchWrite: (request) => written(batchWrite(request).writes),
  Write: (request) => written(writeStream(request).writes),
  RunQuery(request) {
    const { parent, structuredQuery } = runQuery(request);
    return queried(parent, structuredQuery);
  },
  RunAggregationQuery(request) {
    const { parent, structuredAggregationQuery } = aggregate(request);
    return queried(parent, structuredAggregationQuery?.structuredQuery);
  },
  PartitionQuery(request) {
    const { parent, structuredQuery } = partition(request);
    return queried(parent, structuredQuery);
  },
  Listen(request) {
    const { documents, query } = listen(request).addTarget ?? {};
    return [...(documents?.documents ?? []), ...queried(query?.parent, query?.structuredQuery)];
  },
};

/**
 * The paths that a request names, below the database's documents: documents looked up or written (`c/d`) and collections
 * queried (`c/`, a collection group without what is above it). Other requests name none.
 */
export const resourcePaths = (method: string, request: Uint8Array): readonly string[] =>
  (readers[method]?.(request) ?? []).flatMap((name) => (name ? [belowDocuments(name)] : []));

const written = (writes: readonly Write[] | null | undefined): readonly Text[] =>
  (writes ?? []).map((write) => write.update?.name ?? write.delete ?? write.transform?.document);

const queried = (parent: Text, query: Query | null | undefined): readonly Text[] =>
  (query?.from ?? []).map(({ collectionId, allDescendants }) =>
    allDescendants ? `${collectionId}/` : collection({ parent, collectionId }),
  );

const collection = ({ parent, collectionId }: { parent?: Text; collectionId?: Text }): Text =>
  collectionId && `${parent}/${collectionId}/`;

const belowDocuments = (name: string): string => {
  return name.replace(/^projects\/[^/]+\/databases\/[^/]+\/documents\//, '');
};
