import * as z from 'zod';

const encoder = new TextEncoder();

/** The length of a string in bytes of UTF-8, the unit of every size limit. `.length` would accept up to three times as much. */
export const utf8ByteLength = (value: string): number => encoder.encode(value).byteLength;

/**
 * A schema for strings that Firestore stores and returns unchanged: at most `maxBytes` bytes of UTF-8, without NUL, and
 * well formed. The emulator answers a lone surrogate with UNKNOWN, which the SDK retries and which looks like an outage.
 */
export const textSchema = (maxBytes: number) =>
  z
    .string()
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode, found a lone surrogate')
    .refine((value) => !value.includes('\0'), 'must not contain NUL')
    .refine((value) => utf8ByteLength(value) <= maxBytes, `must be at most ${maxBytes} bytes of UTF-8`);

/** {@link textSchema} for strings with at least one character that is not white space. */
export const nonEmptyTextSchema = (maxBytes: number) =>
  textSchema(maxBytes).refine((value) => value.trim() !== '', 'must not be empty');
