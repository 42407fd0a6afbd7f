import type * as z from 'zod';
import { messageSchema, sessionSchema } from './records.ts';

/** A session in an export: the record without the copies of messages and without the fields that only the stores need. */
export const exportedSessionSchema = sessionSchema.omit({
  recent: true,
  expiry_shard: true,
  uncounted: true,
  schema_version: true,
});

/** A message in an export: the record without the marks of the counters. */
export const exportedMessageSchema = messageSchema.omit({ counted: true, uncounted: true });

/** A session in an export. */
export type ExportedSession = z.infer<typeof exportedSessionSchema>;
/** A message in an export. */
export type ExportedMessage = z.infer<typeof exportedMessageSchema>;

/** The fields of an exported session, in the order of the table. */
export const SESSION_FIELDS = Object.keys(exportedSessionSchema.shape);
/** The fields of an exported message, in the order of the table. */
export const MESSAGE_FIELDS = Object.keys(exportedMessageSchema.shape);
