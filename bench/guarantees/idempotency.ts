import { say } from '../content.ts';
import type { Guarantee } from './guarantee.ts';

export const idempotency: Guarantee = {
  name: 'idempotency',
  promise:
    'a question that is sent again with its id, because the answer got lost, does not fail and is stored once',
  async check(connect) {
    const server = connect();
    const chat = await server.open('alice', []);
    const question = say('user');
    await server.turn(chat, question, async () => say('assistant'));
    await server.turn(chat, question, async () => say('assistant'));
    const read = await server.read(chat);
    const times = read.filter((content) => content === question.content).length;
    return times === 1 ? null : `it was stored ${times} times`;
  },
};
