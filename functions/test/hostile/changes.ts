import type { CallName } from 'kb-sessions-contract';
import { isClosed, isMetadata, isRecord, maxBytes, REQUIRED } from './fields.ts';
import { BAD_KEYS, FOREIGN_KEYS, INJECTIONS, UNSTORABLE } from './injections.ts';
import { literally, nested, type Part, type Path, partsOf } from './parts.ts';

/** Puts a value in a place; any of these alone makes a valid input one that must be refused. */
export type Change = { title: string; path: Path; value: unknown };

export type Kind = {
  title: string;
  /** The values that this kind of change puts in the place of a part, or inside it under keys; none where it does not apply. */
  of(part: Part, call: CallName): { keys?: readonly string[]; values: readonly unknown[] } | null;
};

const NUMBERS = ['-1', '-0.5', '1.5', '1e308', '1e999', '-1e999', '9007199254740993'].map(literally);
const INT64 = 'type.googleapis.com/google.protobuf.Int64Value';
const SAMPLES: Readonly<Record<string, readonly unknown[]>> = {
  string: ['', 'text', '1', 'true'],
  number: [0, 1, -1, 1e21],
  boolean: [true, false],
  array: [[], ['text'], [{}], [null]],
  object: [{}, { 0: 'a', length: 1 }, { toString: 'x' }],
};

/** `array` apart from `object`. */
export const typeOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);

const ofAnotherType = (value: unknown): unknown[] =>
  Object.entries(SAMPLES).flatMap(([type, samples]) => (type === typeOf(value) ? [] : samples));

const overlong = (bytes: number): string[] => [
  'a'.repeat(bytes + 1),
  `${'ä'.repeat(Math.floor(bytes / 2))}ab`,
  `${'😀'.repeat(Math.floor(bytes / 4))}äöü`,
];

export const kinds: readonly Kind[] = [
  { title: 'another type', of: ({ value }) => ({ values: ofAnotherType(value) }) },
  {
    title: 'nested too deeply',
    of: () => ({
      values: [13, 50, 500].flatMap((levels) => [nested(levels, 'array'), nested(levels, 'object')]),
    }),
  },
  {
    title: 'text that cannot be stored',
    of: ({ value }) =>
      typeof value === 'string'
        ? { values: UNSTORABLE.flatMap((bad) => [bad, `${value}${bad}`, `${bad}${value}`]) }
        : null,
  },
  {
    title: 'over the limit of bytes',
    of: ({ path, value }) => (typeof value === 'string' ? { values: overlong(maxBytes(path)) } : null),
  },
  {
    title: 'none of the choices',
    of: ({ path, value }) => (typeof value === 'string' && isClosed(path) ? { values: INJECTIONS } : null),
  },
  {
    title: 'out of range',
    of: ({ value }) => (typeof value === 'number' ? { values: NUMBERS } : null),
  },
  {
    title: 'an unknown field',
    of: (part) =>
      isRecord(part) && !isMetadata(part) ? { keys: FOREIGN_KEYS, values: [null, true, 'active', {}] } : null,
  },
  {
    title: '__proto__',
    of: (part) =>
      isRecord(part) ? { keys: ['__proto__'], values: [{ admin: true }, {}, [], 'x', null, 1] } : null,
  },
  {
    title: 'an @type',
    of: (part) =>
      isRecord(part)
        ? { keys: ['@type'], values: [INT64, INT64.replace('Int64', 'UInt64'), 'x', null, {}] }
        : null,
  },
  {
    title: 'decoded to a number',
    of: ({ path }) =>
      path.length === 0
        ? null
        : { values: ['1e999', 'NaN', '-0', '5'].map((value) => ({ '@type': INT64, value })) },
  },
  {
    title: 'a key that metadata cannot have',
    of: (part) => (isMetadata(part) ? { keys: BAD_KEYS, values: [1, { a: 'b' }] } : null),
  },
  {
    title: 'metadata of 5 levels',
    of: (part) => (isMetadata(part) ? { keys: ['more'], values: [nested(4, 'object')] } : null),
  },
  {
    title: 'metadata that Firestore cannot hold',
    of: (part) =>
      isMetadata(part)
        ? { keys: ['more'], values: [[['a']], literally('1e999'), ['\0'], '\ud83d', 'x'.repeat(4096)] }
        : null,
  },
  {
    title: 'left out',
    of: ({ path }, call) =>
      path.length === 1 && REQUIRED[call].includes(path[0] ?? '') ? { values: [undefined] } : null,
  },
];

/** Where a kind of change applies in an input, with the values to choose from. */
export const placesOf = (input: unknown, call: CallName, { title, of }: Kind) =>
  partsOf(input).flatMap((part) => {
    const found = of(part, call);
    if (!found) return [];
    const paths = found.keys?.map((key) => [...part.path, key]) ?? [part.path];
    return paths.map((path) => ({ title: `${title}: ${path.join('.')}`, path, values: found.values }));
  });

/** Every change there is, once. */
export const allChanges = (input: unknown, call: CallName): Change[] =>
  kinds.flatMap((kind) =>
    placesOf(input, call, kind).flatMap(({ title, path, values }) =>
      values.map((value) => ({ title, path, value })),
    ),
  );
