import type { CallInput } from 'kb-sessions-contract';

type WithMessageId<Message> = Message & { message_id: string };
type NewMessage = CallInput<'addMessages'>['messages'][number];

/** The calls that may be acknowledged `volatile`, with ids: offered again they mean the same thing. */
export type OutboxInputs = {
  createSession: CallInput<'createSession'> & { session_id: string };
  addMessage: WithMessageId<CallInput<'addMessage'>>;
  addMessages: CallInput<'addMessages'> & { messages: WithMessageId<NewMessage>[] };
};
export type OutboxCallName = keyof OutboxInputs;

/** What was called, as it is offered again. */
export type OutboxCall = { name: OutboxCallName; input: OutboxInputs[OutboxCallName] };

/** A call that was acknowledged `volatile`: JSON, as storages keep it. */
export type PendingOperation = OutboxCall & {
  form: typeof FORMAT_VERSION;
  /** Names it in its queue: what it creates. */
  id: string;
  /** Where the last answer said it is. */
  session_id: string;
  held_by: string | null;
  kept_at: string;
};

/** The form of {@link PendingOperation}: one more whenever an older client could not read it. */
const FORMAT_VERSION = 1;

/**
 * What one user's queue may hold before new calls are refused. An outage of hours is a few hundred messages of one
 * person, and every call reads the whole queue: 1,000 operations take Chromium about 15 ms.
 */
const OPERATIONS_MAX = 1000;
/** Characters of JSON. */
const CHARACTERS_MAX = 4 * 1024 * 1024;

export const isOutboxFull = (operations: readonly PendingOperation[]): boolean =>
  operations.length >= OPERATIONS_MAX ||
  operations.reduce((sum, operation) => sum + JSON.stringify(operation).length, 0) >= CHARACTERS_MAX;

/** `call` as it is kept when it was acknowledged with `answer` at `now`, in milliseconds. */
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

/** The messages of a call, in order; none where it creates a session. */
export const messagesOf = (input: OutboxInputs[OutboxCallName]): readonly WithMessageId<NewMessage>[] => {
  if ('messages' in input) return input.messages;
  return 'message_id' in input ? [input] : [];
};

const operationId = (input: OutboxInputs[OutboxCallName]): string =>
  messagesOf(input)
    .map(({ message_id }) => message_id)
    .join() || String(input.session_id);

/** Whether it is of a form that only a later version of this client knows: another tab may have that version. */
export const isFutureVersion = (value: unknown): boolean =>
  isRecord(value) && typeof value.form === 'number' && value.form > FORMAT_VERSION;

/**
 * Whether a storage gave back what {@link createPendingOperation} makes. People and other versions may have written there.
 * What else may be wrong with a call's input the server refuses.
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
