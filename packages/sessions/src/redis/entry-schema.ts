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

const entryFields = { entry_id: z.uuid(), accepted_at: z.int() };
const operationFields = {
  owner: userIdSchema,
  session_id: sessionIdSchema,
  replay: z.boolean(),
  user: z.object(userInfoSchema.shape),
};

const newMessageSchema = z.object({
  message_id: messageIdSchema,
  role: roleSchema,
  content: textSchema(CONTENT_MAX_BYTES),
  metadata: metadataSchema,
});

/**
 * An entry as another instance, perhaps of another version, stored it. Unknown fields are ignored. A field that a later
 * version adds needs a default here; otherwise the entries that are pending during its deployment become unreadable.
 */
const entrySchema = z.discriminatedUnion('kind', [
  z.object({ ...entryFields, kind: z.literal('create'), operation: z.object(operationFields) }),
  z.object({
    ...entryFields,
    kind: z.literal('append'),
    operation: z.object({
      ...operationFields,
      recover: z.boolean(),
      messages: z.array(newMessageSchema).min(1).max(10),
      context_limit: z.int().nullable(),
    }),
  }),
]);

/** The entry in a text from Redis; null if it is not a valid entry of this session key with this id. */
export const parseEntry = (key: SessionKey, entry_id: string, json: string | null): Entry | null => {
  const entry = entrySchema.safeParse(parseJson(json)).data;
  const isExpected = entry && keyName(entry.operation) === keyName(key) && entryIds(entry)[0] === entry_id;
  return isExpected ? entry : null;
};

const keyNameSchema = z.tuple([z.string(), z.string()]);

/** The session key with a name; null if the text is not such a name. */
export const parseKeyName = (name: string): SessionKey | null => {
  const [owner, session_id] = keyNameSchema.safeParse(parseJson(name)).data ?? [];
  return owner === undefined || session_id === undefined ? null : { owner, session_id };
};

const parseJson = (json: string | null): unknown => {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    return null;
  }
};
