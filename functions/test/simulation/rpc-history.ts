import fc from 'fast-check';

const ids = ['a', 'b', 'c'];

export type WriteStep = {
  kind: 'create' | 'update' | 'set' | 'merge' | 'delete';
  id: string;
  fields: Record<string, Given>;
  /** The update time it is conditional on: one that was read of it, counted from the latest; null: none. */
  asSeen: number | null;
};

/** A field's value; times, increments and deletions stand for those of the client library. */
export type Given =
  | number
  | string
  | boolean
  | null
  | string[]
  | { time: number }
  | { add: number }
  | { drop: true };

const QUERIES = ['newest', 'next', 'before', 'marked', 'marked next', 'due', 'many', 'all'] as const;
export type QueryName = (typeof QUERIES)[number];

export type Step =
  | { kind: 'commit'; writes: WriteStep[] }
  | { kind: 'get'; ids: string[] }
  | { kind: 'query'; name: QueryName; limit: number; number: number; id: string }
  | { kind: 'count'; number: number };

const id = fc.constantFrom(...ids);
const number = fc.integer({ min: 0, max: 4 });
const time = number.map((day) => ({ time: day * 86_400_000 + day }));

/** Values of the wrong type are in it: they sort, match and add up by rules of their own. */
const value: fc.Arbitrary<Given> = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 2, arbitrary: time },
  fc.constantFrom<Given>('x', 'é', 'z', '', null, true, 0.5, ['x', 'y'], []),
);
const change: fc.Arbitrary<Given> = fc.oneof(
  { weight: 3, arbitrary: value },
  fc.constantFrom(-1, 1, 2, 0.5).map((add) => ({ add })),
  fc.constant<Given>({ drop: true }),
);

const fieldsOf = (values: fc.Arbitrary<Given>) =>
  fc.record(
    { owner: fc.constantFrom('x', 'y'), number: values, at: fc.oneof(time, values), mark: fc.boolean() },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Record<string, Given>>;

const asSeen = fc.option(fc.nat({ max: 2 }), { freq: 2 });

const write: fc.Arbitrary<WriteStep> = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), id, fields: fieldsOf(value), asSeen: fc.constant(null) }),
  fc.record({ kind: fc.constant('set' as const), id, fields: fieldsOf(value), asSeen: fc.constant(null) }),
  fc.record({ kind: fc.constant('merge' as const), id, fields: fieldsOf(change), asSeen: fc.constant(null) }),
  fc.record({
    kind: fc.constant('update' as const),
    id,
    fields: fieldsOf(change).filter((fields) => Object.keys(fields).length > 0),
    asSeen,
  }),
  fc.record({ kind: fc.constant('delete' as const), id, fields: fc.constant({}), asSeen: fc.constant(null) }),
);

/** Histories of RPCs on three documents, so that they meet; no commit writes one twice, which the model refuses. */
export const history: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('commit' as const),
        writes: fc.uniqueArray(write, { selector: (one) => one.id, minLength: 1, maxLength: 3 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('get' as const),
        ids: fc.uniqueArray(id, { minLength: 1, maxLength: 3 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('query' as const),
        name: fc.constantFrom(...QUERIES),
        limit: fc.integer({ min: 1, max: 3 }),
        number,
        id,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('count' as const), number }) },
  ),
  { minLength: 5, maxLength: 25 },
);
