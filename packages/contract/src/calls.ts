import * as z from 'zod';
import {
  acknowledgementFields,
  appendInputFields,
  appendOutputFields,
  newMessageFields,
  ownerField,
  pageLimitSchema,
  recoverField,
  replayField,
  resolutionFields,
  seqSchema,
} from './call-fields.ts';
import { exportedMessageSchema, exportedSessionSchema } from './export-schema.ts';
import { metricsSchema } from './metrics-schema.ts';
import { receiptSchema } from './receipt.ts';
import {
  durabilitySchema,
  feedbackSchema,
  messageIdSchema,
  newSessionIdSchema,
  sessionIdSchema,
  sessionSchema,
  statusSchema,
  userIdSchema,
  userInfoSchema,
} from './records.ts';
import { nonEmptyTextSchema, textSchema } from './text.ts';
import { historyMessageSchema, memoryMetadataSchema, sessionViewSchema } from './views.ts';

const moreField = {
  /** `true` when the time limit was reached before the end: call again. */
  more: z.boolean(),
};

const endedSessionsSchema = z.strictObject({
  /** Sessions that the call ended. Sessions that had expired do not count. */
  ended: z.int(),
  ...moreField,
});

const exportInputFields = {
  /** How many sessions and messages together the page has at most. */
  limit: z.int().min(1).max(100).default(50),
  /** The `next_cursor` of the page before; absent for the first page. */
  cursor: textSchema(4000).optional(),
  /** `json`: records. `csv`: one table. */
  format: z.enum(['json', 'csv']).default('json'),
};

const exportPageSchema = z.strictObject({
  /** Sessions, ordered by id; null with `format: 'csv'`. */
  sessions: z.array(exportedSessionSchema).nullable(),
  /** Messages, ordered by id. They follow the last session. Null with `format: 'csv'`. */
  messages: z.array(exportedMessageSchema).nullable(),
  /** A table with one row per session and message. The first page has the heading. Null with `format: 'json'`. */
  csv: z.string().nullable(),
  /** The `cursor` of the next page; null on the last page. */
  next_cursor: z.string().nullable(),
});

/**
 * The calls: an `input` schema and an `output` schema for each. The server parses `input` in strict mode. The client uses
 * the types of both. Server and client exchange nothing else.
 *
 * A cost is documents read / documents written / sequential round trips to Firestore, for an open session and a writer
 * without competition.
 */
export const contract = {
  /**
   * Opens a session for the caller. A call that repeats a `session_id` gets the first answer.
   * Cost: 2 / 1 / 2, repeated 3 / 0 / 3.
   */
  createSession: {
    input: z.strictObject({
      /** What the application knows about the user. The e-mail address and the name of the ID token take precedence. */
      user_info: userInfoSchema.partial().optional(),
      /** The id of the new session, made by the client so that a repeated call opens one session. The server creates one if it is absent. */
      session_id: newSessionIdSchema.optional(),
      ...replayField,
    }),
    output: z.strictObject({
      /** The id of the session. */
      session_id: sessionIdSchema,
      /** When the session expires unless something touches it. */
      expires_at: sessionSchema.shape.expires_at,
      ...acknowledgementFields,
    }),
  },
  /**
   * Reads an open session and touches it. With `recover: true` a successor takes the place of an expired or unknown session.
   * An agent may read the session of an owner that it names.
   * Cost: 1 / 0 / 1, and 1 / 1 / 2 when it writes the touch.
   */
  getSession: {
    input: z.strictObject({
      /** The session to read. */
      session_id: sessionIdSchema,
      ...recoverField,
      ...ownerField,
    }),
    output: z.strictObject({
      /** The session: the one that the call named, or its successor. */
      session: sessionViewSchema,
      ...resolutionFields,
      /** `durable`: read from Firestore. `volatile`: from the memory of a server during an outage. */
      durability: durabilitySchema,
      /** What the server knows of the conversation during an outage; null in a `durable` answer. */
      metadata: memoryMetadataSchema.nullable(),
    }),
  },
  /**
   * Adds a message to a session. A full session rolls over: the message goes to the successor. An agent may add a message
   * to the session of an owner that it names.
   * Cost: 1 / 2 / 2, repeated 2 / 0 / 3.
   */
  addMessage: {
    input: z.strictObject({ ...appendInputFields, ...newMessageFields }),
    output: z.strictObject({
      /** The id of the message. */
      message_id: messageIdSchema,
      /** The position of the message in its session, from 1; null in a `volatile` answer. */
      seq: seqSchema,
      ...appendOutputFields,
    }),
  },
  /**
   * Adds up to 10 messages to one session, in order, all or none. An agent may add messages to the session of an owner that
   * it names.
   * Cost: 1 / 11 / 2 for 10 messages.
   */
  addMessages: {
    input: z.strictObject({
      ...appendInputFields,
      /** The messages in their order, 1 to 10. No two may have the same `message_id`. */
      messages: z
        .array(z.strictObject(newMessageFields))
        .min(1)
        .max(10)
        .refine((messages) => {
          const ids = messages.flatMap((message) => message.message_id ?? []);
          return new Set(ids).size === ids.length;
        }, 'must not repeat a message_id'),
    }),
    output: z.strictObject({
      /** Ids and positions, in the order of the input. */
      messages: z.array(
        z.strictObject({
          /** The id of the message. */
          message_id: messageIdSchema,
          /** The position of the message in its session, from 1; null in a `volatile` answer. */
          seq: seqSchema,
        }),
      ),
      ...appendOutputFields,
    }),
  },
  /**
   * Reads a page of the messages of exactly the session that it names, open or closed, oldest first. An agent may read the
   * session of an owner that it names.
   * Cost: 1 / 0 / 1 for the newest messages; an older page or `full: true` adds one read per message and one round trip.
   */
  getHistory: {
    input: z.strictObject({
      /** The session whose messages to read. */
      session_id: sessionIdSchema,
      /** How many messages the page has at most. */
      limit: pageLimitSchema,
      /** Only messages before this position; absent for the newest page. */
      before_seq: z.int().min(1).optional(),
      /** Whether to return metadata, ratings and `replayed` too. */
      full: z.boolean().default(false),
      ...ownerField,
    }),
    output: z.strictObject({
      /** The session that the call named. */
      session_id: sessionIdSchema,
      /** The messages of the page, oldest first. */
      messages: z.array(historyMessageSchema),
      /** The `before_seq` of the page before this one; null when this page has the first message. */
      next_before_seq: z.int().min(1).nullable(),
      /** `false` during an outage: there may be messages that this answer lacks. */
      complete: z.boolean(),
    }),
  },
  /**
   * Lists the sessions of the caller, newest first. A page may have fewer sessions than `limit`; only `next_cursor: null`
   * marks the end.
   * Cost: one read per session, at least one; one round trip.
   */
  listSessions: {
    input: z.strictObject({
      /** How many sessions the page has at most. */
      limit: pageLimitSchema,
      /** The `next_cursor` of the page before; absent for the first page. */
      cursor: textSchema(200).optional(),
      /** Only sessions with this status. */
      status: statusSchema.optional(),
    }),
    output: z.strictObject({
      /** The sessions of the page, newest first. */
      sessions: z.array(sessionViewSchema),
      /** The `cursor` of the next page; null on the last page. */
      next_cursor: z.string().nullable(),
    }),
  },
  /**
   * Ends a session of the caller, or the successor to which it rolled over. A closed session keeps its status.
   * Cost: 1 / 1 / 2.
   */
  endSession: {
    input: z.strictObject({
      /** The session to end. */
      session_id: sessionIdSchema,
    }),
    output: z.strictObject({
      /** The session that is over: the one that the call named, or the successor to which it rolled over. */
      session_id: sessionIdSchema,
      /** `ended` or, for a session that had expired, `expired`. */
      status: statusSchema,
    }),
  },
  /**
   * Rates a message of exactly the session that it names, open or closed. A later rating replaces an earlier one.
   * Cost: 1 / 3 / 2.
   */
  submitFeedback: {
    input: z.strictObject({
      /** The session that holds the message. */
      session_id: sessionIdSchema,
      /** The message to rate. */
      message_id: messageIdSchema,
      /** The rating. */
      rating: feedbackSchema,
      /** What the user says about the message. A rating without a comment removes an earlier comment. */
      comment: nonEmptyTextSchema(2000).optional(),
    }),
    output: z.strictObject({
      /** The session that holds the message. */
      session_id: sessionIdSchema,
      /** The message that was rated. */
      message_id: messageIdSchema,
      /** The rating that is stored now. */
      rating: feedbackSchema,
    }),
  },
  /**
   * Marks an open session as waiting for a person. A call on an escalated session gets the first answer. An agent may
   * escalate the session of an owner that it names.
   * Cost: 1 / 2 / 2.
   */
  escalateSession: {
    input: z.strictObject({
      /** The session to escalate. */
      session_id: sessionIdSchema,
      /** Why a person is needed. */
      reason: nonEmptyTextSchema(2000).optional(),
      ...ownerField,
    }),
    output: z.strictObject({
      /** The session that is escalated: the one that the call named, or the successor to which it rolled over. */
      session_id: sessionIdSchema,
      /** Always `escalated`. */
      status: statusSchema,
    }),
  },
  /**
   * Ends every open session of the caller.
   * Cost: one read and one write per session, one more read for a session that another writer changed meanwhile.
   */
  endMySessions: { input: z.strictObject({}), output: endedSessionsSchema },
  /**
   * Ends every open session of a user.
   * Cost: the cost of endMySessions.
   */
  endUserSessions: {
    input: z.strictObject({
      /** The user whose sessions to end. */
      user_id: userIdSchema,
    }),
    output: endedSessionsSchema,
  },
  /**
   * Returns everything that Firestore holds of the caller, page by page: sessions first, then messages. A record that
   * exists during the whole export appears exactly once.
   * Cost: one read per record and at most one more; at most two round trips a page.
   */
  exportMyData: { input: z.strictObject(exportInputFields), output: exportPageSchema },
  /**
   * Returns everything that Firestore holds of a user, page by page.
   * Cost: the cost of exportMyData.
   */
  exportUserData: {
    input: z.strictObject({
      ...exportInputFields,
      /** The user whose data to export. */
      user_id: userIdSchema,
    }),
    output: exportPageSchema,
  },
  /**
   * Erases the caller for good: deletes the sessions and messages, drops the pending operations, and refuses new ones.
   * A second sweep follows at least 15 minutes later. A repeated call continues and returns the receipt.
   * Cost: one read and one write per document, one write more per 300 documents and per day of counters.
   */
  deleteMyData: { input: z.strictObject({}), output: receiptSchema },
  /**
   * Erases a user for good.
   * Cost: the cost of deleteMyData.
   */
  deleteUserData: {
    input: z.strictObject({
      /** The user to erase. */
      user_id: userIdSchema,
    }),
    output: receiptSchema,
  },
  /**
   * Counts the open sessions of all users and lists them by id. A page may have fewer sessions than `limit`; only
   * `next_cursor: null` marks the end.
   * Cost: one read per listed session and one per 1,000 counted sessions; one round trip.
   */
  getActiveSessions: {
    input: z.strictObject({
      /** How many sessions the page has at most. */
      limit: pageLimitSchema,
      /** The `next_cursor` of the page before; absent for the first page. */
      cursor: sessionIdSchema.optional(),
    }),
    output: z.strictObject({
      /** Open sessions in Firestore. */
      firebase_sessions: z.int(),
      /** Sessions that pending operations create: of this instance, or of all instances with `REDIS_URL`. */
      memory_sessions: z.int(),
      /** The sum of both. */
      total: z.int(),
      /** The sessions of the page, ordered by id. */
      sessions: z.array(sessionViewSchema),
      /** The `cursor` of the next page; null on the last page. */
      next_cursor: z.string().nullable(),
    }),
  },
  /**
   * Stores the expiry of every session that has expired, as the job expireSessions does.
   * Cost: one read and one write per session.
   */
  clearExpiredSessions: {
    input: z.strictObject({}),
    output: z.strictObject({
      /** Sessions whose expiry the call stored. */
      firebase_expired: z.int(),
      /** Expired sessions that the call removed from the read cache of this instance. */
      memory_expired: z.int(),
      ...moreField,
    }),
  },
  /**
   * Returns the metrics of the instance that answers.
   * Cost: 0 / 0 / 0.
   */
  getMetrics: { input: z.strictObject({}), output: metricsSchema },
};

/** The type of {@link contract}. */
export type Contract = typeof contract;
/** The name of a call. */
export type CallName = keyof Contract;
/** What a caller sends: fields with defaults are optional. */
export type CallInput<N extends CallName> = z.input<Contract[N]['input']>;
/** What the server works with: the parsed input, with the defaults filled in. */
export type ParsedInput<N extends CallName> = z.output<Contract[N]['input']>;
/** What a call answers. */
export type CallOutput<N extends CallName> = z.output<Contract[N]['output']>;

export type { ErrorCode, ErrorDetails } from './errors.ts';
export type { ExportedMessage, ExportedSession } from './export-schema.ts';
export type { Metadata } from './metadata.ts';
export type { Receipt } from './receipt.ts';
export type { Durability, EndReason, Feedback, RecentMessage, Role, Status } from './records.ts';
export type { HistoryMessage, SessionView } from './views.ts';
