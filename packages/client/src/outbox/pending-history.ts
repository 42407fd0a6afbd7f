import type { CallInput, CallOutput, HistoryMessage } from '../contract-types.ts';
import type { SendCall } from '../follow-successors.ts';
import { isSessionsError } from '../sessions-error.ts';
import { messagesOf, type PendingOperation } from './pending-operation.ts';

type Page = CallOutput<'getHistory'>;

/** The server's default of `limit`. */
export const HISTORY_LIMIT = 20;

/** The pending messages of a session, in order, as messages of a history. */
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

/** Appends pending messages to the newest page. If the page exceeds `limit`, its oldest messages are dropped. */
export const appendPending = (page: Page, pending: readonly HistoryMessage[], limit: number): Page => {
  const known = new Set(page.messages.map(({ message_id }) => message_id));
  const messages = [...page.messages, ...pending.filter(({ message_id }) => !known.has(message_id))];
  const dropped = messages.length - limit;
  if (dropped <= 0) return { ...page, messages };
  return { ...page, messages: messages.slice(dropped), next_before_seq: nextBeforeSeq(page, dropped) };
};

/** The `next_before_seq` of a page whose oldest messages were dropped, so that the previous page contains them. */
const nextBeforeSeq = ({ messages, next_before_seq }: Page, dropped: number): number | null => {
  const last = messages.slice(0, dropped).findLast(({ seq }) => seq !== null)?.seq;
  return last == null ? next_before_seq : last + 1;
};

/** The page while the server cannot return a history. */
export const pendingPage = (session_id: string, pending: HistoryMessage[], limit: number): Page => ({
  session_id,
  messages: pending.slice(-limit),
  next_before_seq: null,
  complete: false,
});

/** Gets a history and appends the pending operations to its newest page. While the server is unavailable, it returns those alone. */
export const historyWithPending = async (
  send: SendCall,
  input: CallInput<'getHistory'>,
  operations: readonly PendingOperation[],
): Promise<Page> => {
  const { session_id, limit = HISTORY_LIMIT, full = false, before_seq } = input;
  const pending = before_seq === undefined ? pendingMessages(operations, session_id, full) : [];
  if (pending.length === 0) return send('getHistory', input);
  try {
    return appendPending(await send('getHistory', input), pending, limit);
  } catch (error) {
    if (!isSessionsError(error) || error.code !== 'unavailable') throw error;
    return pendingPage(session_id, pending, limit);
  }
};
