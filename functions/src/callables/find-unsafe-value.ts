const MAX_DEPTH = 12;
/** Ten messages with metadata of 4 KB have less than 20,000 values, however small each is. */
const MAX_VALUES = 25_000;

export type FieldError = { field: string; message: string };

const childPath = (path: string, key: string | number): string => (path === '' ? `${key}` : `${path}.${key}`);

/**
 * The first part of a payload that no schema should get to see, or null:
 * - a `__proto__` key, or a prototype that firebase-functions made of one: it copies keys by assignment;
 * - `@type`, with which its decoding makes numbers of texts, Infinity among them, and fails on others with INTERNAL
 *   (firebase-functions, src/common/providers/https.ts, `decode`);
 * - nesting so deep that recursion over it would end the call, and more values than any call has: a schema takes
 *   a thousand times as long for each as it takes to send.
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
    // Not Object.entries, which makes all of them before the first is counted. There is nothing to inherit, see above.
    for (const key in value) {
      const unsafe = find(Reflect.get(value, key), childPath(path, key), depth + 1);
      if (unsafe) return unsafe;
    }
    return null;
  };
  return find(payload, '', 0);
};
