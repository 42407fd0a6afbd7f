import * as z from 'zod';
import { textSchema, utf8ByteLength } from './text.ts';

export const METADATA_MAX_BYTES = 4096;
export const METADATA_MAX_DEPTH = 4;
/** A path of {@link METADATA_MAX_DEPTH} keys stays below the 1,500 bytes that Firestore takes as a field's name. */
const KEY_MAX_BYTES = 300;

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Why a name cannot be a metadata key, or null. Firestore reads `.`, backtick and brackets as a field path and reserves `__x__`. */
const refusedKey = (key: string): string | null => {
  if (key === '') return 'must not be an empty key';
  if (/[.`[\]*~/\0]/.test(key)) return 'key must not contain any of . ` [ ] * ~ / NUL';
  if (/^__.*__$/s.test(key)) return 'key must not be of the form __x__';
  if (key === '@type') return 'key must not be @type, which callables decode as a protobuf';
  if (utf8ByteLength(key) > KEY_MAX_BYTES) return `key must be at most ${KEY_MAX_BYTES} bytes`;
  if (!key.isWellFormed()) return 'key must be well-formed Unicode';
  return null;
};

const anyText = textSchema(METADATA_MAX_BYTES);

type Fault = { path: (string | number)[]; message: string };

const findFault = (value: unknown, depth: number, path: (string | number)[]): Fault | null => {
  switch (typeof value) {
    case 'boolean':
      return null;
    case 'string': {
      const parsed = anyText.safeParse(value);
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
        const refused = refusedKey(key);
        if (refused) return { path, message: refused };
        const fault = findFault(item, depth + 1, [...path, key]);
        if (fault) return fault;
      }
      return null;
    }
    default:
      return { path, message: `must be JSON, found ${typeof value}` };
  }
};

const known = z
  .object({
    /** How sure the answer is, 0 to 1; counted in ten-thousandths. */
    confidence: z.number().min(0).max(1).optional(),
    collections_used: z.array(textSchema(200)).max(50).optional(),
    escalated: z.boolean().optional(),
    intent: textSchema(200).optional(),
    topics: z.array(textSchema(200)).max(50).optional(),
  })
  .catchall(z.custom<Json>());

export type Metadata = z.infer<typeof known>;

/**
 * What the application knows about a message: the named keys above, and others of its own as JSON, at most
 * {@link METADATA_MAX_BYTES} of UTF-8 and {@link METADATA_MAX_DEPTH} levels deep in all.
 */
export const metadataSchema = z
  .custom<Metadata>()
  .superRefine((value, context) => {
    const fault = findFault(value, 1, []);
    if (fault) context.addIssue({ code: 'custom', ...fault });
    else if (utf8ByteLength(JSON.stringify(value) ?? '') > METADATA_MAX_BYTES)
      context.addIssue({ code: 'custom', message: `must be at most ${METADATA_MAX_BYTES} bytes of JSON` });
  })
  .pipe(known);
