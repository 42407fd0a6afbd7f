import * as z from 'zod';
import { metadataSchema } from './metadata.ts';
import {
  CONTENT_MAX_BYTES,
  durabilitySchema,
  messageIdSchema,
  messageViewSchema,
  roleSchema,
  sessionIdSchema,
  userIdSchema,
} from './records.ts';
import { nonEmptyTextSchema } from './text.ts';

/** Fields that several calls share. A comment above a field is its description in the documentation of each call. */

/** How many elements a page has at most. */
export const pageLimitSchema = z.int().min(1).max(50).default(20);

/** The mark of a repeated operation. */
export const replayField = {
  /** `true` when the client repeats an operation that was answered as `volatile`. */
  replay: z.boolean().default(false),
};

/** The choice between a refusal and a successor. */
export const recoverField = {
  /** Whether to open or follow a successor if the session is expired or unknown. */
  recover: z.boolean().default(false),
};

/** The owner for whom an agent acts. */
export const ownerField = {
  /** The owner of the session. Only an agent, which acts for the owner, may set it. */
  user_id: userIdSchema.optional(),
};

/** How the session id of the call was resolved. */
export const resolutionFields = {
  /** Whether a successor took the place of an expired or unknown session. */
  recovered: z.boolean(),
  /** Whether a successor took the place of a full session. */
  rolled_over: z.boolean(),
};

/** How durable a write is. */
export const acknowledgementFields = {
  /** `durable`: stored in Firestore. `volatile`: accepted by a server and pending; repeat it later with `replay: true`. */
  durability: durabilitySchema,
  /**
   * The name of the journal that holds a `volatile` operation; otherwise null. While the same name appears, the journal
   * has lost nothing. Another name means that it may have lost the operation.
   */
  held_by: z.string().nullable(),
};

/** Null only in a volatile answer: the primary assigns the number. */
export const seqSchema = z.int().min(1).nullable();

/** A message that a caller sends. */
export const newMessageFields = {
  /** Only an agent may send `assistant`, unless the deployment allows it to owners. */
  role: roleSchema,
  /** The text of the message. */
  content: nonEmptyTextSchema(CONTENT_MAX_BYTES),
  /** Data of the application about the message: JSON of at most 4,096 bytes and 4 levels. */
  metadata: metadataSchema.optional(),
  /** The idempotency key. A call that repeats the same id and content gets the first answer. The server creates one if it is absent. */
  message_id: messageIdSchema.optional(),
};

/** The input of an append, without its messages. */
export const appendInputFields = {
  /** The session to which the messages are added. */
  session_id: sessionIdSchema,
  /** How many of the newest messages to return as the context of the agent, the new ones included. No context if absent. */
  context_limit: z.int().min(1).max(50).optional(),
  ...recoverField,
  ...replayField,
  ...ownerField,
};

/** The output of an append, without its messages. */
export const appendOutputFields = {
  /** The session that holds the messages: the one that the call named, or its successor. */
  session_id: sessionIdSchema,
  ...acknowledgementFields,
  ...resolutionFields,
  /** The newest messages, oldest first; null without `context_limit`. Messages of a predecessor have a negative `seq`. */
  context: z.array(messageViewSchema).nullable(),
  /** Whether `context` has `context_limit` messages or reaches the first message; null without `context_limit`. */
  context_complete: z.boolean().nullable(),
};
