import type { CallInput, CallOutput, HistoryMessage } from 'kb-sessions-contract';
import type { SendCall } from '../follow-successors.ts';
import { isSessionsError } from '../sessions-error.ts';
import { messagesOf, type PendingOperation } from './pending-operation.ts';

type Page = CallOutput<'getHistory'>;

/** As many messages as the server gives where the input does not say. */
export const HISTORY_LIMIT = 20;

/** The messages of a session that are kept here, in order, as a history shows them. */
export const pendingMessages = (
  operations: readonly PendingOperation[],
  session_id: string,
  full: boolean,
): HistoryMessage[] =>
  operations
    .filter((operation) => operation.session_id === session_id)
    .flatMap(({ input, kept_at }) =>
      messagesOf(input).map(({ message_id, role, content, metadata = {} }) => ({
        message_id,
        seq: null,
        role,
        content,
        created_at: kept_at,
        ...(full && { metadata, feedback: null, feedback_comment: null, replayed: false }),
      })),
    );

/** The newest page with what is pending at its end. The oldest of the page go where it grew too long. */
export const appendPending = (page: Page, pending: readonly HistoryMessage[], limit: number): Page => {
  const known = new Set(page.messages.map(({ message_id }) => message_id));
  const messages = [...page.messages, ...pending.filter(({ message_id }) => !known.has(message_id))];
  const dropped = messages.length - limit;
  if (dropped <= 0) return { ...page, messages };
  return { ...page, messages: messages.slice(dropped), next_before_seq: nextBeforeSeq(page, dropped) };
};

/** Where the page before goes on: below the first numbered message that is left, or with the last that is not. */
const nextBeforeSeq = ({ messages, next_before_seq }: Page, dropped: number): number | null => {
  const last = messages.slice(0, dropped).findLast(({ seq }) => seq !== null)?.seq;
  return last == null ? next_before_seq : last + 1;
};

/** What can be shown while the server has no history to give. */
export const pendingPage = (session_id: string, pending: HistoryMessage[], limit: number): Page => ({
  session_id,
  messages: pending.slice(-limit),
  next_before_seq: null,
  complete: false,
});

/** Asks for a history and adds what is `left` of the queue to its newest page; that alone where the server is away. */
export const historyWithPending = async (
  send: SendCall,
  input: CallInput<'getHistory'>,
  left: readonly PendingOperation[],
): Promise<Page> => {
  const { session_id, limit = HISTORY_LIMIT, full = false, before_seq } = input;
  const pending = before_seq === undefined ? pendingMessages(left, session_id, full) : [];
  if (pending.length === 0) return send('getHistory', input);
  try {
    return appendPending(await send('getHistory', input), pending, limit);
  } catch (error) {
    if (!isSessionsError(error) || error.code !== 'unavailable') throw error;
    return pendingPage(session_id, pending, limit);
  }
};
