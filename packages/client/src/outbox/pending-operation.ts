import type { CallInput } from '../contract-types.ts';

type WithMessageId<Message> = Message & { message_id: string };
type NewMessage = CallInput<'addMessages'>['messages'][number];

/** The inputs of the calls that may be acknowledged as `volatile`. They have ids, so that a repeated call takes effect once. */
export type OutboxInputs = {
  createSession: CallInput<'createSession'> & { session_id: string };
  addMessage: WithMessageId<CallInput<'addMessage'>>;
  addMessages: CallInput<'addMessages'> & { messages: WithMessageId<NewMessage>[] };
};
export type OutboxCallName = keyof OutboxInputs;

/** A call with its input, in the form in which it is offered again. */
export type OutboxCall = { name: OutboxCallName; input: OutboxInputs[OutboxCallName] };

/** A call that was acknowledged as `volatile`, as storages hold it; plain JSON. */
export type PendingOperation = OutboxCall & {
  /** The version of this type. */
  form: typeof FORMAT_VERSION;
  /** Its id in the queue: the ids of its messages, or the id of the session that it creates. */
  id: string;
  /** The session in the last acknowledgement. */
  session_id: string;
  /** The journal that holds it, in the last acknowledgement. */
  held_by: string | null;
  /** When it was acknowledged; ISO 8601. */
  kept_at: string;
};

/** The version of {@link PendingOperation}. Increment it when older clients cannot read the new form. */
const FORMAT_VERSION = 1;

/**
 * The number of operations in a user's queue from which new calls are refused. A user sends a few hundred messages in an
 * outage of hours, and every call reads the whole queue: Chromium reads 1,000 operations in about 15 ms.
 */
const MAX_OPERATIONS = 1000;
/** The same bound in characters of JSON. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

export const isOutboxFull = (operations: readonly PendingOperation[]): boolean =>
  operations.length >= MAX_OPERATIONS ||
  operations.reduce((sum, operation) => sum + JSON.stringify(operation).length, 0) >= MAX_CHARACTERS;

/** Makes the pending operation of a call that was acknowledged with `answer` at `now`, in milliseconds since 1970. */
export const createPendingOperation = (
  { name, input }: OutboxCall,
  answer: { session_id: string; held_by: string | null },
  now: number,
): PendingOperation => ({
  form: FORMAT_VERSION,
  id: operationId(input),
  name,
  input,
  session_id: answer.session_id,
  held_by: answer.held_by,
  kept_at: new Date(now).toISOString(),
});

/**
 * Returns the messages of a call, in order; none for a call that creates a session.
 *
 * @param input - the input of an {@link OutboxCall}, as {@link Settlement} and {@link PendingOperation} hold it
 *
 * @example
 * ```ts
 * import { getApp } from 'firebase/app';
 * import { getFunctions } from 'firebase/functions';
 * import { createSessionsClient, messagesOf } from 'kb-sessions-client';
 *
 * export const sessions = createSessionsClient(getFunctions(getApp()), {
 *   onSettled: ({ outcome, call }) => {
 *     if (outcome === 'refused' && call) console.log('not saved', messagesOf(call.input));
 *   },
 * });
 * ```
 */
export const messagesOf = (input: OutboxInputs[OutboxCallName]): readonly WithMessageId<NewMessage>[] => {
  if ('messages' in input) return input.messages;
  return 'message_id' in input ? [input] : [];
};

const operationId = (input: OutboxInputs[OutboxCallName]): string =>
  messagesOf(input)
    .map(({ message_id }) => message_id)
    .join() || String(input.session_id);

/** Whether a later version of this client wrote the value. Another tab may run that version. */
export const isFutureVersion = (value: unknown): boolean =>
  isRecord(value) && typeof value.form === 'number' && value.form > FORMAT_VERSION;

/**
 * Whether a value of a storage is a {@link PendingOperation}. Users and other versions may have written the value. The
 * server refuses other faults of the input.
 */
export const isPendingOperation = (value: unknown): value is PendingOperation =>
  isRecord(value) &&
  value.form === FORMAT_VERSION &&
  isInput(value.name, value.input) &&
  value.id === operationId(value.input) &&
  typeof value.session_id === 'string' &&
  (value.held_by === null || typeof value.held_by === 'string') &&
  typeof value.kept_at === 'string' &&
  !Number.isNaN(Date.parse(value.kept_at));

const isInput = (name: unknown, input: unknown): input is OutboxInputs[OutboxCallName] => {
  if (!isRecord(input) || typeof input.session_id !== 'string') return false;
  switch (name) {
    case 'createSession':
      return !('messages' in input || 'message_id' in input);
    case 'addMessage':
      return !('messages' in input) && isMessage(input);
    case 'addMessages':
      return Array.isArray(input.messages) && input.messages.length > 0 && input.messages.every(isMessage);
    default:
      return false;
  }
};

const isMessage = (value: unknown): value is WithMessageId<NewMessage> =>
  isRecord(value) &&
  typeof value.message_id === 'string' &&
  (value.role === 'user' || value.role === 'assistant') &&
  typeof value.content === 'string' &&
  (value.metadata === undefined || isRecord(value.metadata));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
