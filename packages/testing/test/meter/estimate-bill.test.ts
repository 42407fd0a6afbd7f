import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import { addCharges, type Charge, NO_CHARGE } from '../../src/meter/charge.ts';
import { estimateBill } from '../../src/meter/estimate-bill.ts';
import { encode } from '../support/encode.ts';

const document = { name: 'projects/p/databases/(default)/documents/c/a' };
const update = { update: document };
const remove = { delete: document.name };

interface Exchange {
  readonly requests?: readonly object[];
  readonly responses?: readonly object[];
  readonly code?: status;
}

/** What an RPC costs; `types` are those of its messages. */
function charge(method: string, [up, down]: readonly [string, string], exchange: Exchange): Charge {
  const bill = estimateBill(method);
  const { requests = [], responses = [], code = status.OK } = exchange;
  const charges = [
    ...requests.map((fields) => bill.request(encode(up, fields))),
    ...responses.map((fields) => bill.response(encode(down, fields))),
    bill.end(code),
  ];
  return charges.reduce(addCharges, NO_CHARGE);
}

const reads = (count: number): Charge => ({ ...NO_CHARGE, reads: count });

describe('estimateBill()', () => {
  it('charges a lookup with or without a document, but not a failed one', () => {
    const get = (code: status) => charge('GetDocument', ['GetDocumentRequest', 'Document'], { code });
    assert.deepEqual([status.OK, status.NOT_FOUND, status.UNAVAILABLE].map(get), [
      reads(1),
      reads(1),
      NO_CHARGE,
    ]);
    const types = ['BatchGetDocumentsRequest', 'BatchGetDocumentsResponse'] as const;
    const responses = [{ transaction: Buffer.of(1) }, { found: document }, { missing: document.name }];
    assert.deepEqual(charge('BatchGetDocuments', types, { responses }), reads(2));
  });

  describe('for a query', () => {
    const query = (offset: number, results: number) =>
      charge('RunQuery', ['RunQueryRequest', 'RunQueryResponse'], {
        requests: [{ structuredQuery: { offset } }],
        responses: [{ readTime: { seconds: 1 } }, ...Array.from({ length: results }, () => ({ document }))],
      });

    it('charges a read per result, at least one', () => {
      assert.deepEqual([query(0, 0), query(0, 1), query(0, 3)], [reads(1), reads(1), reads(3)]);
    });

    it('charges the documents that the offset skips', () => {
      assert.deepEqual([query(5, 0), query(5, 2)], [reads(1), reads(7)]);
    });
  });

  it('charges an aggregation one read per started 1,000 counted entries', () => {
    const aggregate = (aggregation: object, value: number) =>
      charge('RunAggregationQuery', ['RunAggregationQueryRequest', 'RunAggregationQueryResponse'], {
        requests: [{ structuredAggregationQuery: { aggregations: [{ alias: 'n', ...aggregation }] } }],
        responses: [{ result: { aggregateFields: { n: { integerValue: value } } } }],
      });
    const counts = [0, 1, 1000, 1001].map((value) => aggregate({ count: {} }, value));
    assert.deepEqual(counts, [1, 1, 1, 2].map(reads));
    assert.deepEqual(aggregate({ sum: { field: { fieldPath: 'n' } } }, 5000), reads(1));
  });

  it('charges a list its documents, at least one, and a list of names one read', () => {
    const list = (documents: object[]) =>
      charge('ListDocuments', ['ListDocumentsRequest', 'ListDocumentsResponse'], {
        responses: [{ documents }],
      });
    assert.deepEqual([list([]), list([document, document])], [reads(1), reads(2)]);
    const types = ['ListCollectionIdsRequest', 'ListCollectionIdsResponse'] as const;
    assert.deepEqual(
      charge('ListCollectionIds', types, { responses: [{ collectionIds: ['a', 'b'] }] }),
      reads(1),
    );
  });

  it('charges the writes and deletes of an answered commit', () => {
    const requests = [{ writes: [update, update, remove] }];
    const commit = (exchange: Exchange) => charge('Commit', ['CommitRequest', 'CommitResponse'], exchange);
    assert.deepEqual(commit({ requests, responses: [{}] }), { reads: 0, writes: 2, deletes: 1 });
    assert.deepEqual(commit({ requests, code: status.FAILED_PRECONDITION }), NO_CHARGE);
  });

  it('charges the successful writes of a batch', () => {
    const cost = charge('BatchWrite', ['BatchWriteRequest', 'BatchWriteResponse'], {
      requests: [{ writes: [update, update, remove, remove] }],
      responses: [{ status: [{ code: 0 }, { code: 6 }, {}, { code: 9 }] }],
    });
    assert.deepEqual(cost, { reads: 0, writes: 1, deletes: 1 });
  });

  it('charges the answered requests of a write stream', () => {
    const cost = charge('Write', ['WriteRequest', 'WriteResponse'], {
      requests: [{ database: 'd' }, { writes: [update, remove] }, { writes: [update] }],
      responses: [{ streamId: 's' }, { streamToken: Buffer.of(1) }],
    });
    assert.deepEqual(cost, { reads: 0, writes: 1, deletes: 1 });
  });

  it('charges answered single-document writes', () => {
    const single = (method: string) =>
      charge(method, ['GetDocumentRequest', 'Document'], { responses: [document] });
    const writes = ['CreateDocument', 'UpdateDocument', 'DeleteDocument'].map(single);
    assert.deepEqual(writes, [
      { ...NO_CHARGE, writes: 1 },
      { ...NO_CHARGE, writes: 1 },
      { ...NO_CHARGE, deletes: 1 },
    ]);
  });

  it('charges nothing for transactions themselves', () => {
    const types = ['BeginTransactionRequest', 'BeginTransactionResponse'] as const;
    assert.deepEqual(charge('BeginTransaction', types, { requests: [{}], responses: [{}] }), NO_CHARGE);
  });

  describe('for a listener', () => {
    const listen = (...responses: object[]) =>
      charge('Listen', ['ListenRequest', 'ListenResponse'], {
        requests: [{ addTarget: { targetId: 1 } }, { addTarget: { targetId: 2 } }],
        responses,
      });
    const current = { targetChange: { targetChangeType: 'CURRENT' } };

    it('charges documents that are added, changed or excluded by a change, but not deleted ones', () => {
      const changed = { documentChange: { document, targetIds: [1] } };
      const left = { documentChange: { document, removedTargetIds: [1] } };
      const removed = { documentRemove: { document: document.name, removedTargetIds: [2] } };
      const deleted = { documentDelete: { document: document.name, removedTargetIds: [1] } };
      assert.deepEqual(listen(changed, changed, left, removed, deleted), reads(4));
    });

    it('charges at least one read per target', () => {
      assert.deepEqual(listen(current, current), reads(2));
      const found = { documentChange: { document, targetIds: [1] } };
      assert.deepEqual(
        listen(found, { targetChange: { ...current.targetChange, targetIds: [1, 2] } }),
        reads(2),
      );
    });
  });
});
