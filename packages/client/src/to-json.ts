import { SessionsError } from './sessions-error.ts';

/**
 * Copies `input` as plain JSON, without fields that are undefined: the Firebase SDK would send them as null, which the
 * server refuses.
 *
 * @throws SessionsError `invalid-argument` that names the field of a value that is not JSON, such as NaN, a function, a
 *   date or an instance of a class
 */
export const toJson = (input: unknown, path: readonly (string | number)[] = []): unknown => {
  switch (typeof input) {
    case 'string':
    case 'boolean':
      return input;
    case 'number':
      if (Number.isFinite(input)) return input;
      throw notJsonError(input, path);
    case 'object':
      if (input === null) return null;
      if (Array.isArray(input)) return input.map((item, index) => toJson(item, [...path, index]));
      if (!isPlain(input)) throw notJsonError(input, path);
      return Object.fromEntries(
        Object.entries(input)
          .filter(([, value]) => value !== undefined)
          .map(([key, value]) => [key, toJson(value, [...path, key])]),
      );
    default:
      throw notJsonError(input, path);
  }
};

const isPlain = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};

const notJsonError = (value: unknown, path: readonly (string | number)[]): SessionsError => {
  const field = path.join('.');
  return new SessionsError('invalid-argument', `${field || 'input'} must be JSON, found ${String(value)}`, {
    field,
  });
};
