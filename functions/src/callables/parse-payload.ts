import type { z } from 'zod';
import { SessionError } from '../session/index.ts';

const MAX_DEPTH = 12;
/** Ten messages of 32 KB in which JSON escapes every character. */
export const MAX_BODY_BYTES = 2 * 1024 * 1024;

const refuse = (field: string, message: string): never => {
  const named = field.slice(0, 100);
  throw new SessionError('invalid-argument', `${named || 'data'} ${message}`.slice(0, 300), { field: named });
};

/**
 * Refuses what a payload may smuggle beside its own properties: firebase-functions copies a `__proto__` key by
 * assignment, which gives the copy a prototype of the caller's choice.
 */
const refuseInherited = (value: unknown, path: string, depth: number): void => {
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) refuse(path, 'is nested too deeply');
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) refuseInherited(item, `${path}.${index}`, depth + 1);
    return;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    refuse(`${path}.__proto__`.replace(/^\./, ''), 'must not be set');
  for (const [key, item] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    if (key === '__proto__') refuse(at, 'must not be set');
    refuseInherited(item, at, depth + 1);
  }
};

/**
 * The payload as `schema` has it: a copy of known fields, from own properties alone.
 * `wire` is the body's `data` as it came, where there is one: before the framework's decoding.
 * @throws SessionError `invalid-argument` naming the first field that is wrong, and never its value.
 */
export const parsePayload = <Schema extends z.ZodType>(
  schema: Schema,
  data: unknown,
  wire: unknown = data,
): z.output<Schema> => {
  refuseInherited(wire, '', 0);
  refuseInherited(data, '', 0);
  const parsed = schema.safeParse(data ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = [...(issue?.path ?? []), ...(unknownKey === undefined ? [] : [unknownKey])];
  return refuse(path.join('.'), unknownKey === undefined ? textOf(issue) : 'is not a field of this call');
};

const textOf = (issue: z.core.$ZodIssue | undefined): string => {
  const message = issue?.message ?? 'is invalid';
  return message.startsWith('must') ? message : `is invalid: ${message}`;
};
