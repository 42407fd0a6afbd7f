import * as z from 'zod';
import { averageConfidence } from './confidence.ts';
import { type Message, messageSchema, messageViewSchema, type Session, sessionSchema } from './records.ts';

const storeFields = {
  expiry_shard: true,
  recent: true,
  confidence_sum: true,
  confidence_count: true,
  uncounted: true,
  purge_at: true,
  schema_version: true,
} as const;

/** A session in an answer: the record without the fields that only the stores need. */
export const sessionViewSchema = sessionSchema.omit(storeFields).extend({
  /** The average confidence of the answers, 0 to 1; null if no answer has a confidence. */
  avg_confidence: z.number().min(0).max(1).nullable(),
});

/** A message in a history: five fields, and with `full: true` also `metadata`, `feedback`, `feedback_comment` and `replayed`. */
export const historyMessageSchema = messageViewSchema.extend(
  messageSchema.pick({ metadata: true, feedback: true, feedback_comment: true, replayed: true }).partial()
    .shape,
);

/** What a server knows of a conversation during an outage, beside the session record. */
export const memoryMetadataSchema = z.strictObject({
  /** Number of messages of the user, the pending ones included. */
  total_queries: z.int(),
  /** The collections that the pending messages name. */
  collections_used: z.array(z.string()),
  /** Whether the session is escalated, or a pending message escalates it. */
  escalated: z.boolean(),
  /** Always `true`. */
  fallback: z.literal(true),
});

/** What a server knows of a conversation during an outage. */
export type MemoryMetadata = z.infer<typeof memoryMetadataSchema>;
/** A session in an answer. */
export type SessionView = z.infer<typeof sessionViewSchema>;
/** A message in a history. */
export type HistoryMessage = z.infer<typeof historyMessageSchema>;

/** The view of a session record: without the fields of the stores, with the average confidence. */
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

/** The view of a message record in a history. `full` adds metadata, rating and `replayed`. */
export const toHistoryMessage = (message: Message, full: boolean): HistoryMessage => {
  const { message_id, seq, role, content, created_at } = message;
  const brief = { message_id, seq, role, content, created_at };
  if (!full) return brief;
  const { metadata, feedback, feedback_comment, replayed } = message;
  return { ...brief, metadata, feedback, feedback_comment, replayed };
};
