import type { ShownMessage } from './state.ts';

/** A message from the history, from the live session or from an acknowledgement. */
export type IncomingMessage = Omit<ShownMessage, 'feedback'> & {
  feedback?: ShownMessage['feedback'] | undefined;
};

/**
 * Merges incoming messages into the shown ones, each message once, in the order of `seq`. Messages without a number come
 * last. The context of a successor (negative `seq`) belongs to its predecessor and is left out. A rating is kept if the
 * incoming message has none.
 */
export const mergeMessages = (
  shown: readonly ShownMessage[],
  incoming: readonly IncomingMessage[],
): ShownMessage[] => {
  const byId = new Map(shown.map((message) => [message.message_id, message]));
  for (const message of incoming) {
    if (message.seq !== null && message.seq < 1) continue;
    const known = byId.get(message.message_id);
    byId.set(message.message_id, {
      ...message,
      seq: message.seq ?? known?.seq ?? null,
      feedback: message.feedback ?? known?.feedback ?? null,
    });
  }
  return [...byId.values()].sort((a, b) => (a.seq ?? Infinity) - (b.seq ?? Infinity) || 0);
};
