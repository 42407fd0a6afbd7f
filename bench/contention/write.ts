import { reasonOf } from '../bench-context.ts';
import { say } from '../content.ts';
import type { Chat, Connection } from '../peers/peer.ts';

/** What one writer did. */
export interface Written {
  /** The contents of the messages of turns that succeeded, in the order they were said. */
  readonly acknowledged: readonly string[];
  /** Of the turns that succeeded, in milliseconds. */
  readonly latencies: readonly number[];
  /** When each of them ended, by `performance.now`. */
  readonly ended: readonly number[];
  /** Why turns failed. */
  readonly failures: readonly string[];
}

/** Takes one turn after the other while `goOn` says so. */
export async function writeFor(
  connection: Connection,
  chat: Chat,
  goOn: (turns: number) => boolean,
): Promise<Written> {
  const acknowledged: string[] = [];
  const latencies: number[] = [];
  const ended: number[] = [];
  const failures: string[] = [];
  for (let turns = 0; goOn(turns); turns += 1) {
    const question = say('user');
    const answer = say('assistant');
    const began = performance.now();
    try {
      await connection.turn(chat, question, async () => answer);
      const end = performance.now();
      latencies.push(end - began);
      ended.push(end);
      acknowledged.push(question.content, answer.content);
    } catch (error) {
      failures.push(reasonOf(error));
    }
  }
  return { acknowledged, latencies, ended, failures };
}
