import { messagesOf, type Settlement } from 'kb-sessions-client';
import type { ShownMessage } from './state.ts';

/** Returns the contents of the messages of a settlement, by message id. */
export const settledTexts = ({ call }: Settlement): Map<string, string> =>
  new Map(call ? messagesOf(call.input).map(({ message_id, content }) => [message_id, content]) : []);

/** Applies a settlement to the shown messages: sets their numbers, or removes messages that were refused or moved to another session. */
export const applySettlement = (
  messages: readonly ShownMessage[],
  session_id: string,
  settlement: Settlement,
): ShownMessage[] => {
  if (settlement.outcome === 'refused' || settlement.session_id !== session_id) {
    const removed = settledTexts(settlement);
    return messages.filter(({ message_id }) => !removed.has(message_id));
  }
  const seqs = new Map(settlement.messages.map(({ message_id, seq }) => [message_id, seq]));
  return messages.map((message) => ({ ...message, seq: seqs.get(message.message_id) ?? message.seq }));
};
