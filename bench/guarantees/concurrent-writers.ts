import { say } from '../content.ts';
import { inspect } from '../contention/inspect.ts';
import { writeFor } from '../contention/write.ts';
import type { Guarantee } from './guarantee.ts';

const WRITERS = 2;
const TURNS = 5;

export const concurrentWriters: Guarantee = {
  name: 'two writers',
  promise:
    'two servers take turns in one session at the same time: none fails, nothing is lost, repeated or out of order, and the next context is the end of the history',
  async check(connect) {
    const chat = await connect().open('alice', []);
    const writers = await Promise.all(
      Array.from({ length: WRITERS }, () => writeFor(connect(), chat, (turns) => turns < TURNS)),
    );
    const server = connect();
    const history = await server.read(chat);
    const { failed, lost, duplicated, misordered } = inspect(writers, history);
    if (failed + lost + duplicated + misordered > 0) {
      const first = writers.flatMap(({ failures }) => failures)[0];
      return `${failed} turns failed${first ? ` (${first})` : ''}, ${lost} messages were lost, ${duplicated} repeated, ${misordered} out of order`;
    }
    let context: readonly string[] = [];
    await server.turn(chat, say('user'), async (given) => {
      context = given.slice(0, -1);
      return say('assistant');
    });
    const end = history.slice(-context.length);
    return context.length > 0 && end.every((content, at) => content === context[at])
      ? null
      : 'the next context was not the end of the history';
  },
};
