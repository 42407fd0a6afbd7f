import type { ShownMessage } from './state.ts';

/** A message as it arrives: from the history, from the live session or from an acknowledgement. */
export type ArrivingMessage = Omit<ShownMessage, 'feedback'> & {
  feedback?: ShownMessage['feedback'] | undefined;
};

/**
 * Adds what arrived to what is shown, each message once, in the order of `seq`; those without one yet come last.
 * A successor's context (negative `seq`) belongs to its predecessor and is left out. A rating is kept where the
 * arriving form of the message does not carry it.
 */
export const mergeMessages = (
  shown: readonly ShownMessage[],
  arriving: readonly ArrivingMessage[],
): ShownMessage[] => {
  const byId = new Map(shown.map((message) => [message.message_id, message]));
  for (const message of arriving) {
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
