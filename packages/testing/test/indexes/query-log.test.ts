import assert from 'node:assert/strict';
import { QueryLog } from '../../src/indexes/query-log.ts';
import { encode } from '../support/encode.ts';

const filter = (fieldPath: string, op: string, value: object = { nullValue: 'NULL_VALUE' }) => ({
  fieldFilter: { field: { fieldPath }, op, value },
});

function shapesOf(method: string, ...requests: Uint8Array[]) {
  const log = new QueryLog();
  for (const request of requests) log.record(method, request);
  return log.shapes;
}

function whereOf(where: object) {
  const [shape] = shapesOf('RunQuery', encode('RunQueryRequest', { structuredQuery: { where } }));
  return shape?.where;
}

describe('QueryLog', () => {
  const query = (value: number) => ({
    from: [{ collectionId: 'c' }],
    where: filter('n', 'EQUAL', { integerValue: value }),
    limit: { value },
  });
  const shape = {
    collection: 'c',
    scope: 'COLLECTION',
    where: { field: 'n', relation: 'equality' },
    orderBy: [],
    aggregated: [],
  };

  it('collects queries of each kind of request that differ in more than values and limits', () => {
    const run = (value: number) => encode('RunQueryRequest', { structuredQuery: query(value) });
    assert.deepEqual(shapesOf('RunQuery', run(1), run(2)), [shape]);
    const listen = encode('ListenRequest', { addTarget: { query: { structuredQuery: query(1) } } });
    assert.deepEqual(shapesOf('Listen', listen, encode('ListenRequest', { removeTarget: 1 })), [shape]);
    const aggregations = [
      { count: {} },
      ...['b', 'a', 'b'].map((fieldPath) => ({ sum: { field: { fieldPath } } })),
    ];
    const aggregate = encode('RunAggregationQueryRequest', {
      structuredAggregationQuery: { structuredQuery: query(1), aggregations },
    });
    assert.deepEqual(shapesOf('RunAggregationQuery', aggregate), [{ ...shape, aggregated: ['a', 'b'] }]);
  });

  it('distinguishes collection groups and directions', () => {
    const structuredQuery = {
      from: [{ collectionId: 'c', allDescendants: true }],
      orderBy: [{ field: { fieldPath: 'a' }, direction: 'DESCENDING' }, { field: { fieldPath: 'b' } }],
    };
    const [seen] = shapesOf('RunQuery', encode('RunQueryRequest', { structuredQuery }));
    const orderBy = [
      { field: 'a', direction: 'DESCENDING' },
      { field: 'b', direction: 'ASCENDING' },
    ];
    assert.deepEqual(seen, { ...shape, scope: 'COLLECTION_GROUP', where: { every: [] }, orderBy });
  });

  it('reports the index requirement of each operator', () => {
    const relations = {
      equality: ['EQUAL'],
      oneOf: ['IN'],
      contains: ['ARRAY_CONTAINS', 'ARRAY_CONTAINS_ANY'],
      range: [
        'LESS_THAN',
        'LESS_THAN_OR_EQUAL',
        'GREATER_THAN',
        'GREATER_THAN_OR_EQUAL',
        'NOT_EQUAL',
        'NOT_IN',
      ],
    };
    for (const [relation, operators] of Object.entries(relations)) {
      for (const op of operators) assert.deepEqual(whereOf(filter('n', op)), { field: 'n', relation }, op);
    }
    const unary = (op: string) => whereOf({ unaryFilter: { field: { fieldPath: 'n' }, op } });
    assert.deepEqual(['IS_NULL', 'IS_NAN'].map(unary), Array(2).fill({ field: 'n', relation: 'equality' }));
    assert.deepEqual(
      ['IS_NOT_NULL', 'IS_NOT_NAN'].map(unary),
      Array(2).fill({ field: 'n', relation: 'range' }),
    );
  });

  it('preserves the nesting of AND and OR', () => {
    const a = filter('a', 'EQUAL');
    const either = { compositeFilter: { op: 'OR', filters: [a, a] } };
    const field = { field: 'a', relation: 'equality' };
    assert.deepEqual(whereOf({ compositeFilter: { op: 'AND', filters: [a, either] } }), {
      every: [field, { some: [field, field] }],
    });
  });
});
