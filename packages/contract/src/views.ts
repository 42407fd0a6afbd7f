import * as z from 'zod';
import { averageConfidence } from './confidence.ts';
import { type Message, messageSchema, messageViewSchema, type Session, sessionSchema } from './records.ts';

const onlyTheStores = {
  expiry_shard: true,
  recent: true,
  confidence_sum: true,
  confidence_count: true,
  uncounted: true,
  purge_at: true,
  schema_version: true,
} as const;

/** A session as its owner sees it: the record without what only the stores need, and `avg_confidence` (0 to 1) derived. */
export const sessionViewSchema = sessionSchema
  .omit(onlyTheStores)
  .extend({ avg_confidence: z.number().min(0).max(1).nullable() });

/** A message in a history: five fields, and with `full` the rest of what its owner may see. */
export const historyMessageSchema = messageViewSchema.extend(
  messageSchema.pick({ metadata: true, feedback: true, feedback_comment: true, replayed: true }).partial()
    .shape,
);

/** What a session kept in memory knows of itself beside its record. */
export const memoryMetadataSchema = z.strictObject({
  total_queries: z.int(),
  collections_used: z.array(z.string()),
  escalated: z.boolean(),
  fallback: z.literal(true),
});

export type MemoryMetadata = z.infer<typeof memoryMetadataSchema>;
export type SessionView = z.infer<typeof sessionViewSchema>;
export type HistoryMessage = z.infer<typeof historyMessageSchema>;

export const toSessionView = (session: Session): SessionView => {
  const {
    expiry_shard: _shard,
    recent: _recent,
    confidence_sum: _sum,
    confidence_count: _count,
    uncounted: _uncounted,
    purge_at: _purge,
    schema_version: _version,
    ...view
  } = session;
  return { ...view, avg_confidence: averageConfidence(session) };
};

export const toHistoryMessage = (message: Message, full: boolean): HistoryMessage => {
  const { message_id, seq, role, content, created_at } = message;
  const brief = { message_id, seq, role, content, created_at };
  if (!full) return brief;
  const { metadata, feedback, feedback_comment, replayed } = message;
  return { ...brief, metadata, feedback, feedback_comment, replayed };
};
