import * as z from 'zod';

/** UTF-8 bytes, the unit of every size limit here: `.length` would let four times as much through. */
export const utf8ByteLength = (value: string): number => encoder.encode(value).byteLength;

const encoder = new TextEncoder();

/**
 * A string that Firestore stores and returns unchanged: at most `maxBytes` of UTF-8, no NUL, and well formed.
 * The emulator answers a lone surrogate with UNKNOWN, which the SDK retries and which looks like an outage.
 */
export const textSchema = (maxBytes: number) =>
  z
    .string()
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode, found a lone surrogate')
    .refine((value) => !value.includes('\0'), 'must not contain NUL')
    .refine((value) => utf8ByteLength(value) <= maxBytes, `must be at most ${maxBytes} bytes of UTF-8`);

/** {@link stringParam} that says something: at least one character. */
export const nonEmptyTextSchema = (maxBytes: number) =>
  textSchema(maxBytes).refine((value) => value.trim() !== '', 'must not be empty');
