import * as z from 'zod';
import { textSchema, utf8ByteLength } from './text.ts';

/** The bound of the metadata of a message, in bytes of UTF-8 of its JSON. */
export const METADATA_MAX_BYTES = 4096;
/** How deep objects and arrays in metadata may nest; the metadata object is level 1. */
export const METADATA_MAX_DEPTH = 4;
/** With this bound a path of {@link METADATA_MAX_DEPTH} keys stays below 1,500 bytes, the longest field path of Firestore. */
const KEY_MAX_BYTES = 300;

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * Why a string is not a valid metadata key; null if it is valid. Firestore reads `.`, backtick and brackets as parts of a
 * field path, and reserves `__x__`.
 */
const keyFault = (key: string): string | null => {
  if (key === '') return 'must not be an empty key';
  if (/[.`[\]*~/\0]/.test(key)) return 'key must not contain any of . ` [ ] * ~ / NUL';
  if (/^__.*__$/s.test(key)) return 'key must not be of the form __x__';
  if (key === '@type') return 'key must not be @type, which callables decode as a protobuf';
  if (utf8ByteLength(key) > KEY_MAX_BYTES) return `key must be at most ${KEY_MAX_BYTES} bytes`;
  if (!key.isWellFormed()) return 'key must be well-formed Unicode';
  return null;
};

const stringSchema = textSchema(METADATA_MAX_BYTES);

type Fault = { path: (string | number)[]; message: string };

/** The first value that Firestore or a callable would not keep as it is; null if there is none. */
const findFault = (value: unknown, depth: number, path: (string | number)[]): Fault | null => {
  switch (typeof value) {
    case 'boolean':
      return null;
    case 'string': {
      const parsed = stringSchema.safeParse(value);
      return parsed.success ? null : { path, message: parsed.error.issues[0]?.message ?? 'must be text' };
    }
    case 'number':
      return Number.isFinite(value) ? null : { path, message: 'must be a finite number' };
    case 'object': {
      if (value === null) return null;
      if (depth > METADATA_MAX_DEPTH)
        return { path, message: `must be at most ${METADATA_MAX_DEPTH} levels deep` };
      if (Array.isArray(value)) {
        for (const [index, item] of value.entries()) {
          if (Array.isArray(item))
            return { path: [...path, index], message: 'must not be an array in an array' };
          const fault = findFault(item, depth + 1, [...path, index]);
          if (fault) return fault;
        }
        return null;
      }
      for (const [key, item] of Object.entries(value)) {
        const message = keyFault(key);
        if (message) return { path, message };
        const fault = findFault(item, depth + 1, [...path, key]);
        if (fault) return fault;
      }
      return null;
    }
    default:
      return { path, message: `must be JSON, found ${typeof value}` };
  }
};

const metadataFieldsSchema = z.object({
  /** The confidence of the answer, 0 to 1. The counters hold it in ten-thousandths. Only an agent may set it, unless the deployment allows it to owners. */
  confidence: z.number().min(0).max(1).optional(),
  /** The collections from which the answer was made: at most 50 names of 200 bytes. */
  collections_used: z.array(textSchema(200)).max(50).optional(),
  /** `true` escalates the session. Only an agent may set it, unless the deployment allows it to owners. */
  escalated: z.boolean().optional(),
  /** The intent of the question: at most 200 bytes. */
  intent: textSchema(200).optional(),
  /** The topics of the message: at most 50 of 200 bytes. */
  topics: z.array(textSchema(200)).max(50).optional(),
});

/** Data of the application about a message. */
export type Metadata = z.infer<typeof metadataFieldsSchema> & { [key: string]: Json };

/**
 * Data of the application about a message: the keys above, and any other keys with JSON values. All together have at most
 * {@link METADATA_MAX_BYTES} bytes and {@link METADATA_MAX_DEPTH} levels.
 */
// The type is named because the one that TypeScript infers has an index signature that its optional fields do not fit,
// which is an error in a declaration file.
export const metadataSchema: z.ZodType<Metadata, Metadata> = z
  .custom<Metadata>()
  .superRefine((value, context) => {
    const fault = findFault(value, 1, []);
    if (fault) context.addIssue({ code: 'custom', ...fault });
    else if (utf8ByteLength(JSON.stringify(value) ?? '') > METADATA_MAX_BYTES)
      context.addIssue({ code: 'custom', message: `must be at most ${METADATA_MAX_BYTES} bytes of JSON` });
  })
  .pipe(metadataFieldsSchema.catchall(z.custom<Json>()));
