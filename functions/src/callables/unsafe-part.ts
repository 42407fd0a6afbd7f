const MAX_DEPTH = 12;

export type UnsafePart = { field: string; message: string };

const at = (path: string, key: string | number): string => (path === '' ? `${key}` : `${path}.${key}`);

/**
 * The first part of a payload that no schema should get to see, or null:
 * - a `__proto__` key, or a prototype that firebase-functions made of one: it copies keys by assignment;
 * - `@type`, with which its decoding makes numbers of texts, Infinity among them, and fails on others with INTERNAL
 *   (firebase-functions, src/common/providers/https.ts, `decode`);
 * - nesting so deep that recursion over it would end the call.
 */
export const unsafePart = (value: unknown, path = '', depth = 0): UnsafePart | null => {
  if (typeof value !== 'object' || value === null) return null;
  if (depth > MAX_DEPTH) return { field: path, message: 'is nested too deeply' };
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const unsafe = unsafePart(item, at(path, index), depth + 1);
      if (unsafe) return unsafe;
    }
    return null;
  }
  const prototype = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || Object.hasOwn(value, '__proto__')) {
    return { field: at(path, '__proto__'), message: 'must not be set' };
  }
  if (Object.hasOwn(value, '@type')) return { field: path, message: 'must be plain JSON, found an @type' };
  for (const [key, item] of Object.entries(value)) {
    const unsafe = unsafePart(item, at(path, key), depth + 1);
    if (unsafe) return unsafe;
  }
  return null;
};
