import { setTimeout as pass } from 'node:timers/promises';
import { say } from '../content.ts';
import type { Guarantee } from './guarantee.ts';

const MODEL_MS = 1000;
const LOOK_MS = 50;

export const durableQuestion: Guarantee = {
  name: 'durable question',
  promise:
    'while the model works (for up to 1 s) another server sees the question, so a crash does not lose it',
  async check(connect) {
    const server = connect();
    const chat = await server.open('alice', []);
    const other = connect();
    const question = say('user');
    let seen = false;
    await server.turn(chat, question, async () => {
      const until = performance.now() + MODEL_MS;
      do {
        seen = (await other.read(chat)).includes(question.content);
        if (!seen) await pass(LOOK_MS);
      } while (!seen && performance.now() < until);
      return say('assistant');
    });
    return seen ? null : 'it was stored after the answer';
  },
};
