import assert from 'node:assert/strict';
import type { IndexFile } from 'kb-sessions-testing/internal/indexes/index-file';
import { footprintOf, type Snapshot } from '../scale/footprint.ts';
import { documentSize, entrySize, type Fields, indexEntriesOf } from '../scale/index-entries.ts';

const automatic: IndexFile = { indexes: [], fieldOverrides: [] };
const describeEntries = (file: IndexFile, fields: Fields) =>
  indexEntriesOf(file, { path: 'chats/a', fields }).map(
    ({ fields, directions, values }) => `${fields.join()} ${directions.join()} ${JSON.stringify(values)}`,
  );

describe('indexEntriesOf()', () => {
  it('returns two entries for a field, those of its fields for a map, and one per distinct element of an array', () => {
    assert.deepEqual(describeEntries(automatic, { a: 1, m: { b: null }, list: ['x', 'y', 'x'] }), [
      'a ASCENDING [1]',
      'a DESCENDING [1]',
      'm.b ASCENDING [null]',
      'm.b DESCENDING [null]',
      'list CONTAINS ["x"]',
      'list CONTAINS ["y"]',
    ]);
  });

  it('applies overrides, and adds composite indexes whose fields the document has', () => {
    const file: IndexFile = {
      indexes: [
        {
          collectionGroup: 'chats',
          queryScope: 'COLLECTION',
          fields: [
            { fieldPath: 'a', order: 'ASCENDING' },
            { fieldPath: 'b', order: 'DESCENDING' },
          ],
        },
      ],
      fieldOverrides: [{ collectionGroup: 'chats', fieldPath: '*', indexes: [] }],
    };
    assert.deepEqual(describeEntries(file, { a: 1, b: null }), ['a,b ASCENDING,DESCENDING [1,null]']);
    assert.deepEqual(describeEntries(file, { a: 1 }), []);
  });
});

describe('documentSize(), entrySize()', () => {
  // The example of https://firebase.google.com/docs/firestore/storage-size.
  const document = {
    path: 'users/jeff/tasks/my_task_id',
    fields: { type: 'Personal', done: false, priority: 1, description: 'Learn Cloud Firestore' },
  };

  it('match the examples of the documentation', () => {
    assert.equal(documentSize(document), 147);
    const done = indexEntriesOf(automatic, document).find(({ fields }) => fields[0] === 'done');
    // 44 for the name, 27 for the parent's, 5 for the field's, 1 for the value, 32.
    assert.equal(done && entrySize(done), 109);
  });
});

describe('footprintOf()', () => {
  const snapshot = (documents: Record<string, Fields>): Snapshot =>
    new Map(Object.entries(documents).map(([path, fields]) => [path, { path, fields }]));
  const at = new Date('2026-01-31T12:00:00Z');
  const later = new Date('2026-01-31T12:00:01Z');
  const of = (one: Record<string, Fields>, other: Record<string, Fields>) =>
    footprintOf(automatic, [snapshot({}), snapshot(one)], [snapshot(one), snapshot({ ...one, ...other })]);

  it('reports an index in which the times of all users are adjacent', () => {
    const { hotIndexes, documents, shared, indexEntries } = of(
      { 'chats/a': { owner: 'alice', at } },
      { 'chats/b': { owner: 'bob', at: later } },
    );
    assert.deepEqual(hotIndexes, [{ index: 'chats (at)', lead: '', entries: 1 }]);
    assert.deepEqual(
      { documents, shared, indexEntries },
      { documents: { chats: 1 }, shared: {}, indexEntries: 4 },
    );
  });

  it('reports no index if each user has a collection', () => {
    const { hotIndexes } = of({ 'chats/a/messages/1': { at } }, { 'chats/b/messages/1': { at: later } });
    assert.deepEqual(hotIndexes, []);
  });

  it('reports a document that all users write, and the index of its growing numbers', () => {
    const { hotIndexes, shared } = of(
      { 'days/1/shards/0': { count: 1 } },
      { 'days/1/shards/0': { count: 2 } },
    );
    assert.deepEqual(shared, { shards: 1 });
    assert.deepEqual(hotIndexes, [{ index: 'days/…/shards (count)', lead: '', entries: 1 }]);
  });

  it('counts added and removed index entries of changed documents', () => {
    const before = snapshot({ 'chats/a': { status: 'open', owner: 'alice' } });
    const after = snapshot({ 'chats/a': { status: 'over', owner: 'alice' } });
    const { indexEntries } = footprintOf(automatic, [before, after], [after, after]);
    assert.equal(indexEntries, 4);
  });

  it('counts two writes to a document if a snapshot separates them', () => {
    const times = [0, 1, 2].map((second) => new Date(Date.UTC(2026, 0, 31, 12, 0, second)));
    const at = (path: string) => times.map((at) => snapshot({ [path]: { at } }));
    const [before, , after] = at('chats/a');
    assert.ok(before && after);
    const inParts = footprintOf(automatic, at('chats/a'), at('chats/b'));
    const whole = footprintOf(automatic, [before, after], at('chats/b'));
    assert.deepEqual([inParts.documents, whole.documents], [{ chats: 2 }, { chats: 1 }]);
    assert.deepEqual([inParts.indexEntries, whole.indexEntries], [8, 4]);
    assert.deepEqual(
      [inParts, whole].map(({ hotIndexes }) => hotIndexes[0]?.entries),
      [2, 1],
    );
  });

  it('compares with all snapshots of the other user', () => {
    const one = [snapshot({}), snapshot({ 'chats/a': { at } }), snapshot({ 'chats/a': { at } })];
    const other = [snapshot({}), snapshot({}), snapshot({ 'chats/b': { at: later } })];
    assert.deepEqual(footprintOf(automatic, one, other).hotIndexes, [
      { index: 'chats (at)', lead: '', entries: 1 },
    ]);
  });

  it('recognizes ids that start with a time', () => {
    const hot = (id: string) => of({ 'chats/a': { id } }, { 'chats/b': { id } }).hotIndexes.length;
    assert.equal(hot('1f0c8a52-7b1e-6d40-8000-5a3c1e9f2b47'), 1);
    assert.equal(hot('019aaf3e-5c2d-7f00-9abc-5a3c1e9f2b47'), 1);
    assert.equal(hot('9b2f6c1e-7b1e-4d40-8000-5a3c1e9f2b47'), 0);
  });

  it('reports the fields before the growing value, and no index in which they differ by user', () => {
    const file: IndexFile = {
      indexes: ['owner', 'shard'].map((lead) => ({
        collectionGroup: 'chats',
        queryScope: 'COLLECTION' as const,
        fields: [
          { fieldPath: lead, order: 'ASCENDING' as const },
          { fieldPath: 'at', order: 'DESCENDING' as const },
        ],
      })),
      fieldOverrides: [{ collectionGroup: 'chats', fieldPath: '*', indexes: [] }],
    };
    const one = snapshot({ 'chats/a': { owner: 'alice', shard: 0, at } });
    const both = snapshot({ 'chats/b': { owner: 'bob', shard: 0, at: later } });
    const { hotIndexes } = footprintOf(file, [snapshot({}), one], [snapshot({}), both]);
    assert.deepEqual(hotIndexes, [{ index: 'chats (shard, at)', lead: 'shard', entries: 1 }]);
  });
});
