import assert from 'node:assert/strict';
import { resourcePaths } from '../../src/faults/resource-paths.ts';
import { firestoreMethods } from '../../src/protos.ts';
import { encode } from '../support/encode.ts';

const parent = 'projects/p/databases/(default)/documents';
const database = 'projects/p/databases/(default)';
const structuredQuery = { from: [{ collectionId: 'c' }] };
const writes = [
  { update: { name: `${parent}/c/updated` } },
  { delete: `${parent}/c/deleted` },
  { transform: { document: `${parent}/c/transformed` } },
];
const written = ['c/updated', 'c/deleted', 'c/transformed'];

const requests: Record<string, [fields: object, paths: string[]]> = {
  GetDocument: [{ name: `${parent}/c/d` }, ['c/d']],
  ListDocuments: [{ parent: `${parent}/c/d`, collectionId: 'e' }, ['c/d/e/']],
  CreateDocument: [{ parent, collectionId: 'c', documentId: 'd' }, ['c/d']],
  UpdateDocument: [{ document: { name: `${parent}/c/d` } }, ['c/d']],
  DeleteDocument: [{ name: `${parent}/c/d` }, ['c/d']],
  BatchGetDocuments: [{ database, documents: [`${parent}/c/d`, `${parent}/c/d/e/f`] }, ['c/d', 'c/d/e/f']],
  Commit: [{ database, writes }, written],
  BatchWrite: [{ database, writes }, written],
  Write: [{ database, writes }, written],
  RunQuery: [{ parent, structuredQuery }, ['c/']],
  RunAggregationQuery: [{ parent, structuredAggregationQuery: { structuredQuery } }, ['c/']],
  PartitionQuery: [{ parent, structuredQuery }, ['c/']],
  Listen: [{ addTarget: { query: { parent: `${parent}/c/d`, structuredQuery } } }, ['c/d/c/']],
  ListCollectionIds: [{ parent }, []],
  BeginTransaction: [{ database }, []],
  Rollback: [{ database }, []],
};

describe('pathsIn()', () => {
  it('returns the documents and collections of each method', () => {
    assert.deepEqual(Object.keys(requests).toSorted(), firestoreMethods.toSorted());
    for (const [method, [fields, paths]] of Object.entries(requests)) {
      assert.deepEqual(resourcePaths(method, encode(`${method}Request`, fields)), paths, method);
    }
  });

  it('returns listened documents and collection groups', () => {
    const listen = { addTarget: { documents: { documents: [`${parent}/c/d`] } } };
    assert.deepEqual(resourcePaths('Listen', encode('ListenRequest', listen)), ['c/d']);
    const group = { parent, structuredQuery: { from: [{ collectionId: 'c', allDescendants: true }] } };
    assert.deepEqual(resourcePaths('RunQuery', encode('RunQueryRequest', group)), ['c/']);
  });

  it('returns nothing for requests without a path', () => {
    for (const method of firestoreMethods)
      assert.deepEqual(resourcePaths(method, new Uint8Array()), [], method);
  });
});
