import assert from 'node:assert/strict';
import { type IndexFile, missingIndexes, type QueryShape } from '../../src/index.ts';
import type { CompositeIndex, FieldOverride } from '../../src/indexes/index-file.ts';
import type { Condition, Direction, Order, Relation } from '../../src/indexes/query-shape.ts';

const where = (field: string, relation: Relation = 'equality'): Condition => ({ field, relation });
const by = (field: string, direction: Direction = 'ASCENDING'): Order => ({ field, direction });
const desc = (field: string) => by(field, 'DESCENDING');

function query(
  conditions: readonly Condition[],
  orderBy: readonly Order[] = [],
  more: Partial<QueryShape> = {},
) {
  return {
    collection: 'c',
    scope: 'COLLECTION',
    where: { every: conditions },
    orderBy,
    aggregated: [],
    ...more,
  } as const;
}

type Fields = IndexFile['indexes'][number]['fields'];
type Scope = QueryShape['scope'];

function index(fields: string, queryScope: Scope = 'COLLECTION', collectionGroup = 'c') {
  const parsed: Fields = fields.split(' ').map((field) => {
    const fieldPath = field.slice(1);
    if (field[0] === '@') return { fieldPath, arrayConfig: 'CONTAINS' };
    return { fieldPath, order: field[0] === '-' ? 'DESCENDING' : 'ASCENDING' };
  });
  return { collectionGroup, queryScope, fields: parsed };
}

function override(fieldPath: string, indexes: IndexFile['fieldOverrides'][number]['indexes'] = []) {
  return { collectionGroup: 'c', fieldPath, indexes };
}

function file({ indexes = [], fieldOverrides = [] }: Partial<IndexFile> = {}): IndexFile {
  return { indexes, fieldOverrides };
}

function served(shape: QueryShape, some: Partial<IndexFile> = {}): void {
  assert.deepEqual(missingIndexes([shape], file(some)), []);
}

/** Asserts what is missing, and that adding it is enough. */
function missing(shape: QueryShape, some: Partial<IndexFile>, ...expected: object[]): void {
  const sentences = missingIndexes([shape], file(some));
  const added: (CompositeIndex | FieldOverride)[] = sentences.map((sentence) =>
    JSON.parse(sentence.slice(sentence.indexOf('{'))),
  );
  assert.deepEqual(added, expected);
  const indexes = added.filter((one) => 'fields' in one);
  const overrides = added.filter((one) => 'fieldPath' in one);
  const kept = (some.fieldOverrides ?? []).filter(
    (old) => !overrides.some(({ fieldPath }) => fieldPath === old.fieldPath),
  );
  served(shape, { indexes: [...(some.indexes ?? []), ...indexes], fieldOverrides: [...kept, ...overrides] });
}

describe('missingIndexes()', () => {
  it('requires no index for all documents by name', () => {
    served(query([]));
    served(query([], [by('__name__')]));
    served(query([where('__name__', 'range')]));
    served(query([where('__name__')]));
    served(query([], [], { collection: '', scope: 'COLLECTION_GROUP' }));
  });

  it('requires an index for the reverse order of names', () => {
    missing(query([], [desc('__name__')]), {}, index('-__name__'));
    missing(query([where('a')], [desc('__name__')]), {}, index('+a -__name__'));
  });

  describe('single-field indexes', () => {
    it('serve one range or one order in either direction', () => {
      served(query([where('a', 'range')]));
      served(query([where('a', 'range')], [desc('a')]));
      served(query([], [desc('a')]));
      served(query([], [desc('a'), desc('__name__')]));
    });

    it('serve several equalities and one array membership by merging', () => {
      served(query([where('a'), where('b', 'oneOf'), where('tags', 'contains')]));
    });

    it('do not serve an order against that of the name', () => {
      missing(query([], [desc('a'), by('__name__')]), {}, index('-a +__name__'));
    });

    it('do not serve two ranges or orders', () => {
      missing(query([], [by('a'), desc('b')]), {}, index('+a -b'));
      missing(query([where('b', 'range'), where('a', 'range')]), {}, index('+a +b'));
      missing(query([where('b', 'range'), where('a', 'range')], [desc('b')]), {}, index('-b -a'));
    });

    it('exist only for collections', () => {
      const group = { scope: 'COLLECTION_GROUP' } as const;
      const automatic = [
        { order: 'ASCENDING', queryScope: 'COLLECTION' },
        { order: 'DESCENDING', queryScope: 'COLLECTION' },
        { arrayConfig: 'CONTAINS', queryScope: 'COLLECTION' },
      ] as const;
      const wanted = override('a', [...automatic, { order: 'DESCENDING', queryScope: 'COLLECTION_GROUP' }]);
      missing(query([], [desc('a')], group), {}, wanted);
      served(query([], [], group));
    });
  });

  describe('exemptions', () => {
    const exempt = { fieldOverrides: [override('a')] };
    const needsA = override('a', [{ order: 'ASCENDING', queryScope: 'COLLECTION' }]);

    it('are reported when a query relies on the field', () => {
      missing(query([where('a')]), exempt, needsA);
      missing(query([where('a'), where('b')]), exempt, needsA);
      missing(query([where('a', 'range')]), exempt, needsA);
      const [sentence] = missingIndexes([query([where('a')])], file(exempt));
      assert.match(
        sentence ?? '',
        /^A query of c \(a == …, by __name__ ASCENDING\) relies on an index of a, which is exempt/,
      );
    });

    it('keep the other settings of the field', () => {
      const ttl = { ...override('a'), ttl: true };
      missing(query([where('a')]), { fieldOverrides: [ttl] }, { ...needsA, ttl: true });
      missing(query([where('a.b')]), { fieldOverrides: [ttl] }, override('a.b', needsA.indexes));
    });

    it('do not affect other directions', () => {
      const ascending = { fieldOverrides: [needsA] };
      served(query([where('a', 'range')]), ascending);
      const both = [...needsA.indexes, { order: 'DESCENDING', queryScope: 'COLLECTION' }] as const;
      missing(query([], [desc('a')]), ascending, override('a', both));
    });

    it('apply to nested fields, except for those with their own override', () => {
      missing(query([where('a.b')]), exempt, override('a.b', needsA.indexes));
      served(query([where('a.b')]), { fieldOverrides: [override('a'), override('a.b', needsA.indexes)] });
      served(query([where('ab')]), exempt);
    });

    it('with * apply to all fields of the collection', () => {
      missing(query([where('a')]), { fieldOverrides: [override('*')] }, needsA);
      served(query([where('a')], [], { collection: 'd' }), { fieldOverrides: [override('*')] });
    });

    it('do not affect composite indexes', () => {
      served(query([where('a')], [by('b')]), { ...exempt, indexes: [index('+a +b')] });
      served(query([where('a'), where('b')]), { ...exempt, indexes: [index('+b +a')] });
    });
  });

  describe('composite indexes', () => {
    const open = query([where('user'), where('status', 'oneOf')], [desc('at')]);

    it('are required for a filter with an order by another field', () => {
      missing(query([where('user')], [desc('at')]), {}, index('+user -at'));
      missing(query([where('user'), where('at', 'range')]), {}, index('+user +at'));
      missing(query([where('tags', 'contains')], [by('at')]), {}, index('@tags +at'));
      missing(open, {}, index('+status +user -at'));
    });

    it('contain filters first, in any order and direction', () => {
      for (const fields of ['+status +user -at', '+user +status -at', '-user -status -at']) {
        served(open, { indexes: [index(fields)] });
      }
      for (const fields of ['+user -at +status', '-at +user +status']) {
        assert.equal(missingIndexes([open], file({ indexes: [index(fields)] })).length, 1, fields);
      }
    });

    it('contain the order last, in its sequence and directions, and cannot be read backwards', () => {
      const shape = query([where('user')], [desc('at'), by('n')]);
      served(shape, { indexes: [index('+user -at +n')] });
      for (const fields of ['+user +n -at', '+user -at -n', '+user +at -n', '+user -at', '+user -at +n +z']) {
        assert.equal(missingIndexes([shape], file({ indexes: [index(fields)] })).length, 1, fields);
      }
    });

    it('end with the name, in the direction of the last field or as specified', () => {
      served(query([where('user')], [desc('at'), desc('__name__')]), { indexes: [index('+user -at')] });
      served(query([where('user')], [desc('at'), desc('__name__')]), {
        indexes: [index('+user -at -__name__')],
      });
      missing(
        query([where('user')], [desc('at'), by('__name__')]),
        { indexes: [index('+user -at')] },
        index('+user -at +__name__'),
      );
    });

    it('serve in combination queries with the same order', () => {
      const both = { indexes: [index('+user -at'), index('+status -at')] };
      served(open, both);
      missing(query([where('user'), where('type')], [desc('at')]), both, index('+type +user -at'));
      served(query([where('user'), where('status'), where('type')]), { indexes: [index('+user +status')] });
    });

    it('do not serve other collections or another scope', () => {
      const shape = query([where('user')], [desc('at')]);
      missing(shape, { indexes: [index('+user -at', 'COLLECTION', 'd')] }, index('+user -at'));
      missing(shape, { indexes: [index('+user -at', 'COLLECTION_GROUP')] }, index('+user -at'));
      served({ ...shape, scope: 'COLLECTION_GROUP' }, { indexes: [index('+user -at', 'COLLECTION_GROUP')] });
    });

    it('are not required for an order by a field with one value', () => {
      served(query([where('a')], [by('a')]));
      served(query([where('user')], [by('user'), desc('at')]), { indexes: [index('+user -at')] });
    });

    it('are required for an order by a field with several values', () => {
      missing(query([where('user'), where('status', 'oneOf')], [by('status')]), {}, index('+user +status'));
    });
  });

  it('requires indexes for each alternative of a disjunction', () => {
    const either = { some: [where('a'), { every: [where('b'), where('d', 'range')] }] };
    missing(query([either]), {}, index('+b +d'));
    missing(query([either, where('e')], [by('d')]), {}, index('+a +e +d'), index('+b +e +d'));
  });

  it('requires the fields of a sum in the index', () => {
    served(query([], [], { aggregated: ['n'] }));
    missing(query([where('a')], [], { aggregated: ['n'] }), {}, index('+a +n'));
  });

  it('reports a missing index once', () => {
    const shape = query([where('user')], [desc('at')]);
    const [sentence, ...more] = missingIndexes([shape, shape], file());
    assert.deepEqual(more, []);
    const json = JSON.stringify(index('+user -at'));
    assert.equal(
      sentence,
      `A query of c (user == …, by at DESCENDING, by __name__ DESCENDING) needs in "indexes": ${json}`,
    );
  });
});
