import { SessionError } from 'kb-sessions';
import type * as z from 'zod';
import { type FieldError, findUnsafeValue } from './find-unsafe-value.ts';

const MAX_FIELD_CHARACTERS = 100;
const MAX_MESSAGE_CHARACTERS = 300;

/** Makes an `invalid-argument` error that names the field and never holds its value. */
export const invalidArgumentError = ({ field, message }: FieldError): SessionError => {
  const name = field === '' ? 'data' : field.slice(0, MAX_FIELD_CHARACTERS);
  return new SessionError('invalid-argument', `${name} ${message}`.slice(0, MAX_MESSAGE_CHARACTERS), {
    field: name,
  });
};

/**
 * Parses the payload of a call.
 * @returns a copy with the fields of `schema` only
 * @throws SessionError `invalid-argument` that names the first invalid field
 */
export const parsePayload = <Schema extends z.ZodType>(schema: Schema, data: unknown): z.output<Schema> => {
  // A second time after withRequestInspection: a schema reads inherited fields too, and the framework has decoded the
  // payload since. It costs little, because a payload with too many values arrives here as null.
  const unsafe = findUnsafeValue(data);
  if (unsafe) throw invalidArgumentError(unsafe);
  const parsed = schema.safeParse(data ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = [...(issue?.path ?? []), ...(unknownKey === undefined ? [] : [unknownKey])];
  throw invalidArgumentError({
    field: path.join('.'),
    message: unknownKey === undefined ? issueText(issue) : 'is not a field of this call',
  });
};

const issueText = (issue: z.core.$ZodIssue | undefined): string => {
  const message = issue?.message ?? 'is invalid';
  return message.startsWith('must') ? message : `is invalid: ${message}`;
};
