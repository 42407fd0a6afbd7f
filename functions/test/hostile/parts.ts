export type Path = readonly string[];

export type Part = { path: Path; value: unknown };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Everything inside a JSON value, itself included, with the keys that lead there. */
export const partsOf = (value: unknown, path: Path = []): Part[] => [
  { path, value },
  ...(isObject(value) ? Object.entries(value).flatMap(([key, item]) => partsOf(item, [...path, key])) : []),
];

/** A copy with another part at a path; `undefined` takes it out, and where no object leads there nothing changes. */
export const withPart = (root: unknown, [key, ...rest]: Path, value: unknown): unknown => {
  if (key === undefined) return value;
  if (!isObject(root)) return root;
  const copy = Array.isArray(root) ? [...root] : { ...root };
  // Not an assignment, which would make a prototype of a `__proto__`.
  return Object.defineProperty(copy, key, {
    value: withPart(Object.hasOwn(root, key) ? root[key] : undefined, rest, value),
    enumerable: true,
    configurable: true,
    writable: true,
  });
};

/** Levels of arrays or objects in each other. */
export const nested = (levels: number, kind: 'array' | 'object'): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = kind === 'array' ? [value] : { in: value };
  return value;
};

/** A number as it is to stand in the JSON, for those that no JavaScript number is written as. */
export const literally = (number: string): string => `literally ${number}`;

export const toJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/"literally ([^"]+)"/g, '$1');
