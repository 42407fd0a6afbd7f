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

const pathReaders: Record<string, (request: Uint8Array) => readonly Text[]> = {
  GetDocument: (request) => [get(request).name],
  ListDocuments: (request) => [collectionPath(list(request))],
  CreateDocument(request) {
    const { documentId, ...location } = create(request);
    return [collectionPath(location)?.concat(documentId ?? '')];
  },
  UpdateDocument: (request) => [update(request).document?.name],
  DeleteDocument: (request) => [remove(request).name],
  BatchGetDocuments: (request) => batchGet(request).documents ?? [],
  Commit: (request) => writtenPaths(commit(request).writes),
  BatchWrite: (request) => writtenPaths(batchWrite(request).writes),
  Write: (request) => writtenPaths(writeStream(request).writes),
  RunQuery(request) {
    const { parent, structuredQuery } = runQuery(request);
    return queriedPaths(parent, structuredQuery);
  },
  RunAggregationQuery(request) {
    const { parent, structuredAggregationQuery } = aggregate(request);
    return queriedPaths(parent, structuredAggregationQuery?.structuredQuery);
  },
  PartitionQuery(request) {
    const { parent, structuredQuery } = partition(request);
    return queriedPaths(parent, structuredQuery);
  },
  Listen(request) {
    const { documents, query } = listen(request).addTarget ?? {};
    return [...(documents?.documents ?? []), ...queriedPaths(query?.parent, query?.structuredQuery)];
  },
};

/**
 * Returns the paths of a request, relative to the documents of the database: the documents that it reads or writes (`c/d`)
 * and the collections that it queries (`c/`; a collection group without its parents). Other requests have none.
 */
export const resourcePaths = (method: string, request: Uint8Array): readonly string[] =>
  (pathReaders[method]?.(request) ?? []).flatMap((name) => (name ? [relativePath(name)] : []));

const writtenPaths = (writes: readonly Write[] | null | undefined): readonly Text[] =>
  (writes ?? []).map((write) => write.update?.name ?? write.delete ?? write.transform?.document);

const queriedPaths = (parent: Text, query: Query | null | undefined): readonly Text[] =>
  (query?.from ?? []).map(({ collectionId, allDescendants }) =>
    allDescendants ? `${collectionId}/` : collectionPath({ parent, collectionId }),
  );

const collectionPath = ({ parent, collectionId }: { parent?: Text; collectionId?: Text }): Text =>
  collectionId && `${parent}/${collectionId}/`;

const relativePath = (name: string): string =>
  name.replace(/^projects\/[^/]+\/databases\/[^/]+\/documents\//, '');
