import * as z from 'zod';
import { metadataSchema } from './metadata.ts';
import { nonEmptyTextSchema, textSchema } from './text.ts';

/**
 * The records, each defined once. Times are ISO 8601 strings with milliseconds everywhere but inside Firestore
 * (its codec makes Timestamps of them): they compare as strings, and survive a callable, where a `Date` arrives as `{}`.
 */
export const SCHEMA_VERSION = 1;

/** A message's content, in bytes of UTF-8. */
export const CONTENT_MAX_BYTES = 32 * 1024;
/** What {@link Session.recent} may hold together, in bytes of content. */
export const RECENT_MAX_BYTES = 64 * 1024;

export const isoTimeSchema = z.iso.datetime({ precision: 3 });
export type IsoTime = string;

const count = z.int().min(0);

export const sessionIdSchema = z.uuid();
/** A new id is random: a v5 id is a successor's, and whoever could choose one could take the place of somebody's successor. */
export const newSessionIdSchema = z.uuidv4();
export const messageIdSchema = z.uuidv4();
/** A Firebase Auth uid: at most 128 characters. The id of its tombstone has three bytes for each, of 1,500 that it may have. */
export const userIdSchema = nonEmptyTextSchema(490);

export const roleSchema = z.enum(['user', 'assistant']);
export const statusSchema = z.enum(['active', 'escalated', 'ended', 'expired']);
const endReasonSchema = z.enum(['user', 'admin', 'idle_timeout', 'lifetime', 'message_limit']);
export const feedbackSchema = z.enum(['positive', 'negative']);
export const durabilitySchema = z.enum(['durable', 'volatile']);

export const userInfoSchema = z.strictObject({
  user_email: textSchema(320).nullable(),
  user_name: textSchema(200).nullable(),
  company: textSchema(200).nullable(),
  division: textSchema(200).nullable(),
  user_type: textSchema(200).nullable(),
});

/** The context of a user of whom nothing is known. */
export const EMPTY_USER_INFO: z.infer<typeof userInfoSchema> = {
  user_email: null,
  user_name: null,
  company: null,
  division: null,
  user_type: null,
};

/** What the counters hold of a message: see `counters.ts`. Confidence is in ten-thousandths, so that sums do not depend on order. */
export const messageCountersSchema = z.strictObject({
  messages: count,
  queries: count,
  confidence_sum: count,
  confidence_count: count,
  feedback_positive: count,
  feedback_negative: count,
  /** 1 on a session's first message: that is when the day counts a session. */
  sessions_created: count,
  /** 1 on a message that a fallback had accepted. */
  fallbacks: count,
});

/** A message as `recent` and history give it. A predecessor's message, given to a successor as context, has its `seq` negated. */
export const recentMessageSchema = z.strictObject({
  message_id: messageIdSchema,
  seq: z.int(),
  role: roleSchema,
  content: textSchema(CONTENT_MAX_BYTES),
  created_at: isoTimeSchema,
});

/** A message as answers give it. */
export const messageViewSchema = recentMessageSchema.extend({
  /** Null while the message is volatile: the primary gives the number. */
  seq: z.int().nullable(),
});

/** `kb_messages/{message_id}` */
export const messageSchema = recentMessageSchema.extend({
  session_id: sessionIdSchema,
  /** Always the owner of the session, whoever wrote the message. */
  user_id: userIdSchema,
  metadata: metadataSchema,
  feedback: feedbackSchema.nullable(),
  feedback_comment: textSchema(2000).nullable(),
  counted: messageCountersSchema.nullable(),
  /** True until counted, then absent: what the reconcile job looks for. */
  uncounted: z.literal(true).optional(),
  /** True if a fallback had accepted it before the primary did. */
  replayed: z.boolean(),
  purge_at: isoTimeSchema,
});

/** `kb_sessions/{session_id}` */
export const sessionSchema = userInfoSchema.extend({
  session_id: sessionIdSchema,
  user_id: userIdSchema,
  created_at: isoTimeSchema,
  last_activity: isoTimeSchema,
  expires_at: isoTimeSchema,
  expiry_shard: count,
  status: statusSchema,
  ended_at: isoTimeSchema.nullable(),
  end_reason: endReasonSchema.nullable(),
  continues: sessionIdSchema.nullable(),
  continued_by: sessionIdSchema.nullable(),
  message_seq: count,
  recent: z.array(recentMessageSchema),
  message_count: count,
  total_queries: count,
  escalations: count,
  escalation_reason: textSchema(2000).nullable(),
  feedback_positive: count,
  feedback_negative: count,
  confidence_sum: count,
  confidence_count: count,
  conversation_summary: textSchema(8000),
  /** True if any part of it was accepted while the primary was away. */
  fallback: z.boolean(),
  /** True on a session that is over until its end is counted, then absent. */
  uncounted: z.literal(true).optional(),
  purge_at: isoTimeSchema,
  schema_version: z.literal(SCHEMA_VERSION),
});

export type Role = z.infer<typeof roleSchema>;
export type Status = z.infer<typeof statusSchema>;
export type EndReason = z.infer<typeof endReasonSchema>;
export type Feedback = z.infer<typeof feedbackSchema>;
export type Durability = z.infer<typeof durabilitySchema>;
export type UserInfo = z.infer<typeof userInfoSchema>;
export type PartialUserInfo = { [Field in keyof UserInfo]?: UserInfo[Field] | undefined };
export type MessageCounters = z.infer<typeof messageCountersSchema>;
export type RecentMessage = z.infer<typeof recentMessageSchema>;
export type MessageView = z.infer<typeof messageViewSchema>;
export type Message = z.infer<typeof messageSchema>;
export type Session = z.infer<typeof sessionSchema>;
