import * as z from 'zod';
import { metadataSchema } from './metadata.ts';
import { nonEmptyTextSchema, textSchema } from './text.ts';

/**
 * The records, each defined once. Times are ISO 8601 strings with milliseconds: they compare as strings, and they pass
 * through a callable, where a `Date` arrives as `{}`. Only Firestore documents hold Timestamps; the codec converts them.
 */

/** The version of the session record. */
export const SCHEMA_VERSION = 1;

/** The bound of the content of a message, in bytes of UTF-8. */
export const CONTENT_MAX_BYTES = 32 * 1024;
/** The bound of the content of all messages in {@link Session.recent} together, in bytes of UTF-8. */
export const RECENT_MAX_BYTES = 64 * 1024;

/** A time as an ISO 8601 string in UTC with milliseconds. */
export const isoTimeSchema = z.iso.datetime({ precision: 3 });
/** A time as an ISO 8601 string in UTC with milliseconds. */
export type IsoTime = string;

const count = z.int().min(0);

/** The id of a session. */
export const sessionIdSchema = z.uuid();
/**
 * The id that a caller may choose for a new session: a random UUID. The id of a successor is a UUID of version 5; a caller
 * who could choose one could take the place of the successor of another user's session.
 */
export const newSessionIdSchema = z.uuidv4();
/** The id of a message. */
export const messageIdSchema = z.uuidv4();
/**
 * A Firebase Auth uid: at most 128 characters. The id of its tombstone has three bytes for each byte of the uid, and
 * Firestore allows 1,500 bytes.
 */
export const userIdSchema = nonEmptyTextSchema(490);

/** The author of a message. */
export const roleSchema = z.enum(['user', 'assistant']);
/** The status of a session. `active` and `escalated` are open; `ended` and `expired` are over. */
export const statusSchema = z.enum(['active', 'escalated', 'ended', 'expired']);
const endReasonSchema = z.enum(['user', 'admin', 'idle_timeout', 'lifetime', 'message_limit']);
/** The rating of a message. */
export const feedbackSchema = z.enum(['positive', 'negative']);
/** `durable`: stored by the primary. `volatile`: accepted, and not yet stored by the primary. */
export const durabilitySchema = z.enum(['durable', 'volatile']);

/** What the application knows about the owner of a session. */
export const userInfoSchema = z.strictObject({
  /** The e-mail address of the owner. */
  user_email: textSchema(320).nullable(),
  /** The name of the owner. */
  user_name: textSchema(200).nullable(),
  /** The company of the owner. */
  company: textSchema(200).nullable(),
  /** The division of the company. */
  division: textSchema(200).nullable(),
  /** The kind of user, in terms of the application. */
  user_type: textSchema(200).nullable(),
});

/** The information about an owner of whom nothing is known. */
export const EMPTY_USER_INFO: z.infer<typeof userInfoSchema> = {
  user_email: null,
  user_name: null,
  company: null,
  division: null,
  user_type: null,
};

/**
 * What a message adds to the counters of its session and its day. Confidence is in ten-thousandths, so that the sums do not
 * depend on the order of their parts.
 */
export const messageCountersSchema = z.strictObject({
  /** 1 for every message. */
  messages: count,
  /** 1 for a message of the user. */
  queries: count,
  /** The confidence in ten-thousandths; 0 without one. */
  confidence_sum: count,
  /** 1 for a message with a confidence. */
  confidence_count: count,
  /** 1 for a message with a positive rating. */
  feedback_positive: count,
  /** 1 for a message with a negative rating. */
  feedback_negative: count,
  /** 1 for the first message of a session: with it the day counts the session. */
  sessions_created: count,
  /** 1 for a message that a fallback accepted before the primary stored it. */
  fallbacks: count,
});

/** A message in {@link Session.recent} and in a history. */
export const recentMessageSchema = z.strictObject({
  /** The id of the message. */
  message_id: messageIdSchema,
  /** The position of the message in its session, from 1. In the context of a successor, messages of the predecessor have a negative `seq`. */
  seq: z.int(),
  /** The author of the message. */
  role: roleSchema,
  /** The text of the message. */
  content: textSchema(CONTENT_MAX_BYTES),
  /** When the message was stored. */
  created_at: isoTimeSchema,
});

/** A message in an answer. */
export const messageViewSchema = recentMessageSchema.extend({
  /** The position of the message in its session, from 1; null while the message is volatile. In a context, messages of the predecessor have a negative `seq`. */
  seq: z.int().nullable(),
});

/** A message: the document `kb_messages/{message_id}`. */
export const messageSchema = recentMessageSchema.extend({
  /** The session that holds the message. */
  session_id: sessionIdSchema,
  /** The owner of the session, also for messages of an agent. */
  user_id: userIdSchema,
  /** Data of the application about the message. */
  metadata: metadataSchema,
  /** The rating of the message; null without one. */
  feedback: feedbackSchema.nullable(),
  /** The comment of the rating; null without one. */
  feedback_comment: textSchema(2000).nullable(),
  /** What the counters hold of the message; null before it is counted. */
  counted: messageCountersSchema.nullable(),
  /** `true` until the message is counted, then absent. The job reconcileCounters queries it. */
  uncounted: z.literal(true).optional(),
  /** Whether a journal or an outbox held the message before the primary stored it. */
  replayed: z.boolean(),
  /** When Firestore may delete the message. */
  purge_at: isoTimeSchema,
});

/** A session: the document `kb_sessions/{session_id}`. */
export const sessionSchema = userInfoSchema.extend({
  /** The id of the session. */
  session_id: sessionIdSchema,
  /** The owner: a Firebase Auth uid. */
  user_id: userIdSchema,
  /** When the session was opened. */
  created_at: isoTimeSchema,
  /** When an operation last touched the session. */
  last_activity: isoTimeSchema,
  /** When the session expires unless something touches it. It never moves back. */
  expires_at: isoTimeSchema,
  /** The shard of the expiry index. */
  expiry_shard: count,
  /** The stored status. A session past `expires_at` is expired even if `active` or `escalated` is stored. */
  status: statusSchema,
  /** When the session ended or expired; null while it is open. */
  ended_at: isoTimeSchema.nullable(),
  /** Why the session is over; null while it is open. */
  end_reason: endReasonSchema.nullable(),
  /** The session that this one continues; null for a session without a predecessor. */
  continues: sessionIdSchema.nullable(),
  /** The session that continues this one; null without a successor. */
  continued_by: sessionIdSchema.nullable(),
  /** The `seq` of the newest message; 0 without messages. */
  message_seq: count,
  /** The newest messages, oldest first, within the bounds of their number and of {@link RECENT_MAX_BYTES}. */
  recent: z.array(recentMessageSchema),
  /** Number of counted messages. It follows `message_seq` within seconds. */
  message_count: count,
  /** Number of counted messages of the user. */
  total_queries: count,
  /** How often the session became escalated. */
  escalations: count,
  /** The reason of the latest escalation by escalateSession; null without one. */
  escalation_reason: textSchema(2000).nullable(),
  /** Number of counted positive ratings. */
  feedback_positive: count,
  /** Number of counted negative ratings. */
  feedback_negative: count,
  /** The sum of the confidence of the counted messages, in ten-thousandths. */
  confidence_sum: count,
  /** Number of counted messages with a confidence. */
  confidence_count: count,
  /** A summary of the conversation. A successor starts with the one of its predecessor. */
  conversation_summary: textSchema(8000),
  /** Whether a part of the session was accepted during an outage. */
  fallback: z.boolean(),
  /** `true` from the end of the session until the counters of its day hold the end, then absent. */
  uncounted: z.literal(true).optional(),
  /** When Firestore may delete the session. */
  purge_at: isoTimeSchema,
  /** The version of the record. */
  schema_version: z.literal(SCHEMA_VERSION),
});

/** The author of a message. */
export type Role = z.infer<typeof roleSchema>;
/** The status of a session. */
export type Status = z.infer<typeof statusSchema>;
/** Why a session is over. */
export type EndReason = z.infer<typeof endReasonSchema>;
/** The rating of a message. */
export type Feedback = z.infer<typeof feedbackSchema>;
/** How durable an answer is. */
export type Durability = z.infer<typeof durabilitySchema>;
/** What the application knows about the owner of a session. */
export type UserInfo = z.infer<typeof userInfoSchema>;
/** What the application knows about the owner of a session, as a caller sends it. */
export type PartialUserInfo = { [Field in keyof UserInfo]?: UserInfo[Field] | undefined };
/** What a message adds to the counters. */
export type MessageCounters = z.infer<typeof messageCountersSchema>;
/** A message in {@link Session.recent}. */
export type RecentMessage = z.infer<typeof recentMessageSchema>;
/** A message in an answer. */
export type MessageView = z.infer<typeof messageViewSchema>;
/** A message: the document `kb_messages/{message_id}`. */
export type Message = z.infer<typeof messageSchema>;
/** A session: the document `kb_sessions/{session_id}`. */
export type Session = z.infer<typeof sessionSchema>;
