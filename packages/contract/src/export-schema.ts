import type * as z from 'zod';
import { messageSchema, sessionSchema } from './records.ts';

/** A session as its user may take it along: all of it but copies of messages, and what only says how it is kept. */
export const exportedSessionSchema = sessionSchema.omit({
  recent: true,
  expiry_shard: true,
  uncounted: true,
  schema_version: true,
});

/** A message as its user may take it along. */
export const exportedMessageSchema = messageSchema.omit({ counted: true, uncounted: true });

export type ExportedSession = z.infer<typeof exportedSessionSchema>;
export type ExportedMessage = z.infer<typeof exportedMessageSchema>;

export const SESSION_FIELDS = Object.keys(exportedSessionSchema.shape);
export const MESSAGE_FIELDS = Object.keys(exportedMessageSchema.shape);
