import * as z from 'zod';
import { exportedMessageSchema, exportedSessionSchema } from './export-schema.ts';
import { metadataSchema } from './metadata.ts';
import { receiptSchema } from './receipt.ts';
import {
  CONTENT_MAX_BYTES,
  durabilitySchema,
  feedbackSchema,
  messageIdSchema,
  messageViewSchema,
  newSessionIdSchema,
  roleSchema,
  sessionIdSchema,
  sessionSchema,
  statusSchema,
  userIdSchema,
  userInfoSchema,
} from './records.ts';
import { nonEmptyTextSchema, textSchema } from './text.ts';
import { historyMessageSchema, memoryMetadataSchema, sessionViewSchema } from './views.ts';

/**
 * The calls: what each takes and what it gives. The server parses `input` in strict mode; the client takes the
 * types of both. Nothing else passes between the two.
 */

const pageLimit = z.int().min(1).max(50).default(20);
const recover = z.boolean().default(false);
/** The owner of the session, named by a trusted caller that acts for it; refused from anyone else. */
const onBehalfOf = userIdSchema.optional();

/** True where the client offers again what was answered `volatile`. */
const replay = z.boolean().default(false);
const acknowledged = {
  durability: durabilitySchema,
  /** Which journal holds what is `volatile`. One that answers again still holds all it held before; a new name may not. */
  held_by: z.string().nullable(),
};

const newMessage = {
  role: roleSchema,
  content: nonEmptyTextSchema(CONTENT_MAX_BYTES),
  metadata: metadataSchema.optional(),
  /** The idempotency key: the same id and content again is answered as the first time. Made by the server when absent. */
  message_id: messageIdSchema.optional(),
};

const appendOptions = {
  session_id: sessionIdSchema,
  /** How many of the newest messages to return as the agent's context, the new ones included. */
  context_limit: z.int().min(1).max(50).optional(),
  recover,
  replay,
  user_id: onBehalfOf,
};

const appended = {
  /** Where the message is: the session named, or its successor. */
  session_id: sessionIdSchema,
  ...acknowledged,
  recovered: z.boolean(),
  rolled_over: z.boolean(),
  context: z.array(messageViewSchema).nullable(),
  /** Whether `context` is as long as asked for, or reaches back to the first message. */
  context_complete: z.boolean().nullable(),
};

const allEnded = z.strictObject({
  ended: z.int(),
  /** True where the time budget ended before the work: call again. */
  more: z.boolean(),
});

const exporting = {
  /** Of sessions and messages together. */
  limit: z.int().min(1).max(100).default(50),
  cursor: textSchema(4000).optional(),
  format: z.enum(['json', 'csv']).default('json'),
};

const exported = z.strictObject({
  /** Sessions first, by id, then messages, by id; null where `format` is `csv`. */
  sessions: z.array(exportedSessionSchema).nullable(),
  messages: z.array(exportedMessageSchema).nullable(),
  /** A table with a heading on the first page, a row for each session and message; null where `format` is `json`. */
  csv: z.string().nullable(),
  next_cursor: z.string().nullable(),
});

/** Null only while volatile: the primary gives the number. */
const seq = z.int().min(1).nullable();

export const contract = {
  createSession: {
    input: z.strictObject({
      user_info: userInfoSchema.partial().optional(),
      session_id: newSessionIdSchema.optional(),
      replay,
    }),
    output: z.strictObject({
      session_id: sessionIdSchema,
      expires_at: sessionSchema.shape.expires_at,
      ...acknowledged,
    }),
  },
  getSession: {
    input: z.strictObject({ session_id: sessionIdSchema, recover, user_id: onBehalfOf }),
    output: z.strictObject({
      session: sessionViewSchema,
      recovered: z.boolean(),
      rolled_over: z.boolean(),
      durability: durabilitySchema,
      /** Of a session that is kept in memory while Firestore is away; otherwise null. */
      metadata: memoryMetadataSchema.nullable(),
    }),
  },
  addMessage: {
    input: z.strictObject({ ...appendOptions, ...newMessage }),
    output: z.strictObject({ message_id: messageIdSchema, seq, ...appended }),
  },
  addMessages: {
    input: z.strictObject({
      ...appendOptions,
      messages: z
        .array(z.strictObject(newMessage))
        .min(1)
        .max(10)
        .refine((messages) => {
          const ids = messages.flatMap((message) => message.message_id ?? []);
          return new Set(ids).size === ids.length;
        }, 'must not repeat a message_id'),
    }),
    output: z.strictObject({
      messages: z.array(z.strictObject({ message_id: messageIdSchema, seq })),
      ...appended,
    }),
  },
  getHistory: {
    input: z.strictObject({
      session_id: sessionIdSchema,
      limit: pageLimit,
      before_seq: z.int().min(1).optional(),
      full: z.boolean().default(false),
      user_id: onBehalfOf,
    }),
    output: z.strictObject({
      session_id: sessionIdSchema,
      messages: z.array(historyMessageSchema),
      /** Pass it as `before_seq` for the page before this one; null where this page reaches the first message. */
      next_before_seq: z.int().min(1).nullable(),
      /** False while Firestore is away: there may be messages that this does not have. */
      complete: z.boolean(),
    }),
  },
  listSessions: {
    input: z.strictObject({
      limit: pageLimit,
      cursor: textSchema(200).optional(),
      status: statusSchema.optional(),
    }),
    output: z.strictObject({ sessions: z.array(sessionViewSchema), next_cursor: z.string().nullable() }),
  },
  endSession: {
    input: z.strictObject({ session_id: sessionIdSchema }),
    output: z.strictObject({ session_id: sessionIdSchema, status: statusSchema }),
  },
  submitFeedback: {
    input: z.strictObject({
      session_id: sessionIdSchema,
      message_id: messageIdSchema,
      rating: feedbackSchema,
      comment: nonEmptyTextSchema(2000).optional(),
    }),
    output: z.strictObject({
      session_id: sessionIdSchema,
      message_id: messageIdSchema,
      rating: feedbackSchema,
    }),
  },
  escalateSession: {
    input: z.strictObject({
      session_id: sessionIdSchema,
      reason: nonEmptyTextSchema(2000).optional(),
      user_id: onBehalfOf,
    }),
    output: z.strictObject({ session_id: sessionIdSchema, status: statusSchema }),
  },
  endMySessions: { input: z.strictObject({}), output: allEnded },
  endUserSessions: { input: z.strictObject({ user_id: userIdSchema }), output: allEnded },
  exportMyData: { input: z.strictObject(exporting), output: exported },
  exportUserData: { input: z.strictObject({ ...exporting, user_id: userIdSchema }), output: exported },
  deleteMyData: { input: z.strictObject({}), output: receiptSchema },
  deleteUserData: { input: z.strictObject({ user_id: userIdSchema }), output: receiptSchema },
  getActiveSessions: {
    input: z.strictObject({ limit: pageLimit, cursor: sessionIdSchema.optional() }),
    output: z.strictObject({
      firebase_sessions: z.int(),
      /** Sessions that are not durable yet: of this instance, or with `REDIS_URL` of all. */
      memory_sessions: z.int(),
      total: z.int(),
      sessions: z.array(sessionViewSchema),
      next_cursor: z.string().nullable(),
    }),
  },
  clearExpiredSessions: {
    input: z.strictObject({}),
    output: z.strictObject({
      firebase_expired: z.int(),
      memory_expired: z.int(),
      /** True where the time budget ended before the work: call again. */
      more: z.boolean(),
    }),
  },
  getMetrics: {
    input: z.strictObject({}),
    output: z.strictObject({
      instance_id: z.string(),
      uptime_ms: z.int(),
      /** `open`: Firestore is unavailable, and calls are refused at once; `probing`: one tries whether it is back. */
      breaker: z.enum(['closed', 'open', 'probing']),
      fallback: z.strictObject({
        /** Operations accepted and not replayed yet, their bytes, and the sessions opened by them. */
        journal_entries: z.int(),
        journal_bytes: z.int(),
        memory_sessions: z.int(),
        cached_sessions: z.int(),
        cached_bytes: z.int(),
        /** Since the instance started. */
        activations: z.int(),
        accepted: z.int(),
        replayed: z.int(),
        refused: z.int(),
        turned_away: z.int(),
      }),
      calls: z.record(
        z.string(),
        z.strictObject({
          outcomes: z.record(z.string(), z.int()),
          p50_ms: z.number(),
          p99_ms: z.number(),
          documents_read: z.int(),
          documents_written: z.int(),
        }),
      ),
    }),
  },
};

export type Contract = typeof contract;
export type CallName = keyof Contract;
/** What a caller sends: fields with defaults are optional. */
export type CallInput<N extends CallName> = z.input<Contract[N]['input']>;
/** What the server works with: parsed, defaults filled in. */
export type ParsedInput<N extends CallName> = z.output<Contract[N]['input']>;
export type CallOutput<N extends CallName> = z.output<Contract[N]['output']>;

export type { ErrorCode, ErrorDetails } from './errors.ts';
export type { ExportedMessage, ExportedSession } from './export-schema.ts';
export type { Metadata } from './metadata.ts';
export type { Receipt } from './receipt.ts';
export type { Durability, EndReason, Feedback, RecentMessage, Role, Status } from './records.ts';
export type { HistoryMessage, SessionView } from './views.ts';
