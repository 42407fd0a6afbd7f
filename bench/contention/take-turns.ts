import { errorText } from '../bench-context.ts';
import type { Chat, Connection } from '../peers/peer.ts';
import { newMessage } from '../sample-messages.ts';

/** The turns of one writer. */
export type WriterLog = {
  /** The contents of the messages of successful turns, in the order of the turns. */
  acknowledged: string[];
  /** Of successful turns, in milliseconds. */
  latencies: number[];
  /** The ends of successful turns, by `performance.now`. */
  endTimes: number[];
  /** The error texts of failed turns. */
  failures: string[];
};

/** Takes one turn after the other while `isOpen` returns true. */
export const takeTurns = async (
  connection: Connection,
  chat: Chat,
  isOpen: (turns: number) => boolean,
): Promise<WriterLog> => {
  const log: WriterLog = { acknowledged: [], latencies: [], endTimes: [], failures: [] };
  for (let turns = 0; isOpen(turns); turns += 1) {
    const question = newMessage('user');
    const answer = newMessage('assistant');
    const startedAt = performance.now();
    try {
      await connection.turn(chat, question, async () => answer);
      const endedAt = performance.now();
      log.latencies.push(endedAt - startedAt);
      log.endTimes.push(endedAt);
      log.acknowledged.push(question.content, answer.content);
    } catch (error) {
      log.failures.push(errorText(error));
    }
  }
  return log;
};
