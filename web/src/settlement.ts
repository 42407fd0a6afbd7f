import { messagesOf, type Settlement } from 'kb-sessions-client';
import type { ShownMessage } from './state.ts';

/** The texts that `settled` is about, by message id. */
export const settledTexts = ({ call }: Settlement): Map<string, string> =>
  new Map(call ? messagesOf(call.input).map(({ message_id, content }) => [message_id, content]) : []);

/** What is shown of a session once something that was not saved at first is settled: saved here or elsewhere, or refused. */
export const applySettlement = (
  messages: readonly ShownMessage[],
  session_id: string,
  settled: Settlement,
): ShownMessage[] => {
  if (settled.outcome === 'refused' || settled.session_id !== session_id) {
    const gone = settledTexts(settled);
    return messages.filter(({ message_id }) => !gone.has(message_id));
  }
  const seqs = new Map(settled.messages.map(({ message_id, seq }) => [message_id, seq]));
  return messages.map((message) => ({ ...message, seq: seqs.get(message.message_id) ?? message.seq }));
};
