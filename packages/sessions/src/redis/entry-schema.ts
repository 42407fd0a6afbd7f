import { metadataSchema } from 'kb-sessions-contract/metadata';
import {
  CONTENT_MAX_BYTES,
  messageIdSchema,
  roleSchema,
  sessionIdSchema,
  userIdSchema,
  userInfoSchema,
} from 'kb-sessions-contract/records';
import { textSchema } from 'kb-sessions-contract/text';
import * as z from 'zod';
import { type Entry, entryIds, keyName, type SessionKey } from '../journal/journal.ts';

const user = z.object(userInfoSchema.shape);
const owned = { owner: userIdSchema, session_id: sessionIdSchema, replay: z.boolean(), user };
const held = { entry_id: z.uuid(), accepted_at: z.int() };

const newMessage = z.object({
  message_id: messageIdSchema,
  role: roleSchema,
  content: textSchema(CONTENT_MAX_BYTES),
  metadata: metadataSchema,
});

/**
 * An entry as another instance, perhaps of another version, left it. Fields that this version does not know are passed
 * over; one that a later version adds needs a default here, or what waits across its deployment is lost.
 */
const entrySchema = z.discriminatedUnion('kind', [
  z.object({ ...held, kind: z.literal('create'), operation: z.object(owned) }),
  z.object({
    ...held,
    kind: z.literal('append'),
    operation: z.object({
      ...owned,
      recover: z.boolean(),
      messages: z.array(newMessage).min(1).max(10),
      context_limit: z.int().nullable(),
    }),
  }),
]);

/** The entry in a text from Redis; null unless it is one that waits on this line under this id. */
export const parseEntry = (line: SessionKey, entry_id: string, json: string | null): Entry | null => {
  const entry = entrySchema.safeParse(parseJson(json)).data;
  const isHere = entry && keyName(entry.operation) === keyName(line) && entryIds(entry)[0] === entry_id;
  return isHere ? entry : null;
};

const lineSchema = z.tuple([z.string(), z.string()]);

/** The line of a name; null if it is not one. */
export const parseKeyName = (name: string): SessionKey | null => {
  const [owner, session_id] = lineSchema.safeParse(parseJson(name)).data ?? [];
  return owner === undefined || session_id === undefined ? null : { owner, session_id };
};

const parseJson = (json: string | null): unknown => {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    return null;
  }
};
