import assert from 'node:assert/strict';
import type { IndexFile } from '../../testing/src/indexes/index-file.ts';
import { footprintOf } from '../scale/footprint.ts';
import { type Fields, indexEntries } from '../scale/index-entries.ts';
import type { Snapshot } from '../scale/snapshot.ts';
import { documentSize, entrySize } from '../scale/stored-size.ts';

const automatic: IndexFile = { indexes: [], fieldOverrides: [] };
const names = (file: IndexFile, fields: Fields) =>
  indexEntries(file, { path: 'chats/a', fields }).map(
    ({ fields, directions, values }) => `${fields.join()} ${directions.join()} ${JSON.stringify(values)}`,
  );

describe('indexEntries()', () => {
  it('has two for a field, those of its fields for a map, one for each other element of an array', () => {
    assert.deepEqual(names(automatic, { a: 1, m: { b: null }, list: ['x', 'y', 'x'] }), [
      'a ASCENDING [1]',
      'a DESCENDING [1]',
      'm.b ASCENDING [null]',
      'm.b DESCENDING [null]',
      'list CONTAINS ["x"]',
      'list CONTAINS ["y"]',
    ]);
  });

  it('goes by exemptions, and by composite indexes that have all their fields', () => {
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
    assert.deepEqual(names(file, { a: 1, b: null }), ['a,b ASCENDING,DESCENDING [1,null]']);
    assert.deepEqual(names(file, { a: 1 }), []);
  });
});

describe('documentSize(), entrySize()', () => {
  // The example of https://firebase.google.com/docs/firestore/storage-size.
  const document = {
    path: 'users/jeff/tasks/my_task_id',
    fields: { type: 'Personal', done: false, priority: 1, description: 'Learn Cloud Firestore' },
  };

  it('are what the documentation says', () => {
    assert.equal(documentSize(document), 147);
    const done = indexEntries(automatic, document).find(({ fields }) => fields[0] === 'done');
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
    footprintOf(
      automatic,
      { before: snapshot({}), after: snapshot(one) },
      { before: snapshot(one), after: snapshot({ ...one, ...other }) },
    );

  it('finds the index in which times of all users stand side by side', () => {
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

  it('finds none where each user has a collection', () => {
    const { hotIndexes } = of({ 'chats/a/messages/1': { at } }, { 'chats/b/messages/1': { at: later } });
    assert.deepEqual(hotIndexes, []);
  });

  it('finds a document that all write, and that its numbers grow', () => {
    const { hotIndexes, shared } = of(
      { 'days/1/shards/0': { count: 1 } },
      { 'days/1/shards/0': { count: 2 } },
    );
    assert.deepEqual(shared, { shards: 1 });
    assert.deepEqual(hotIndexes, [{ index: 'days/…/shards (count)', lead: '', entries: 1 }]);
  });

  it('counts what an index gains and loses, of what has changed', () => {
    const before = snapshot({ 'chats/a': { status: 'open', owner: 'alice' } });
    const after = snapshot({ 'chats/a': { status: 'over', owner: 'alice' } });
    const { indexEntries } = footprintOf(automatic, { before, after }, { before: after, after });
    assert.equal(indexEntries, 4);
  });

  it('says what stands before the growing value, and leaves out what differs there', () => {
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
    const { hotIndexes } = footprintOf(
      file,
      { before: snapshot({}), after: one },
      { before: snapshot({}), after: both },
    );
    assert.deepEqual(hotIndexes, [{ index: 'chats (shard, at)', lead: 'shard', entries: 1 }]);
  });
});
