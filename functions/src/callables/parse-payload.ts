import { SessionError } from 'kb-sessions';
import type * as z from 'zod';
import { type FieldError, findUnsafeValue } from './find-unsafe-value.ts';

const MAX_FIELD_CHARACTERS = 100;
const MAX_MESSAGE_CHARACTERS = 300;

/** An `invalid-argument` that names the field, and never its value. */
export const invalidArgumentError = ({ field, message }: FieldError): SessionError => {
  const named = field === '' ? 'data' : field.slice(0, MAX_FIELD_CHARACTERS);
  return new SessionError('invalid-argument', `${named} ${message}`.slice(0, MAX_MESSAGE_CHARACTERS), {
    field: named,
  });
};

/**
 * The payload as `schema` has it: a copy of known fields.
 * @throws SessionError `invalid-argument` naming the first field that is wrong
 */
export const parsePayload = <Schema extends z.ZodType>(schema: Schema, data: unknown): z.output<Schema> => {
  // Once more, though `inspected` has looked: a schema takes what is inherited for sent, and this is what the framework's
  // decoding made of it since. It costs little: what has too many values comes here as null.
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
