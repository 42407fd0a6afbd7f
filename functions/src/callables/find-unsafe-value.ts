const MAX_DEPTH = 12;
/** Ten messages with metadata of 4 KB have less than 20,000 values, even of one character each. */
const MAX_VALUES = 25_000;

/** A field of the input, as a dotted path, and what is wrong with it. */
export type FieldError = { field: string; message: string };

const childPath = (path: string, key: string | number): string => (path === '' ? `${key}` : `${path}.${key}`);

/**
 * Finds the first value in a payload that must not reach a schema:
 * - a key `__proto__`, or a prototype that firebase-functions made of one, because it copies keys by assignment;
 * - a key `@type`: the decoder of firebase-functions turns such text into numbers, also into Infinity, and fails with
 *   INTERNAL on other text (firebase-functions, src/common/providers/https.ts, `decode`);
 * - nesting so deep that recursion over it would overflow the stack, and more values than any call has. A schema takes a
 *   thousand times as long for each value as a client takes to send it.
 * @returns null for a safe payload
 */
export const findUnsafeValue = (payload: unknown): FieldError | null => {
  let values = 0;
  const find = (value: unknown, path: string, depth: number): FieldError | null => {
    values += 1;
    if (values > MAX_VALUES) return { field: '', message: `must have at most ${MAX_VALUES} values` };
    if (typeof value !== 'object' || value === null) return null;
    if (depth > MAX_DEPTH) return { field: path, message: 'is nested too deeply' };
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        const unsafe = find(item, childPath(path, index), depth + 1);
        if (unsafe) return unsafe;
      }
      return null;
    }
    const prototype = Object.getPrototypeOf(value);
    if ((prototype !== Object.prototype && prototype !== null) || Object.hasOwn(value, '__proto__')) {
      return { field: childPath(path, '__proto__'), message: 'must not be set' };
    }
    if (Object.hasOwn(value, '@type')) return { field: path, message: 'must be plain JSON, found an @type' };
    // Object.entries would copy all entries before the first one is counted. `in` finds no inherited ones, see above.
    for (const key in value) {
      const unsafe = find(Reflect.get(value, key), childPath(path, key), depth + 1);
      if (unsafe) return unsafe;
    }
    return null;
  };
  return find(payload, '', 0);
};
