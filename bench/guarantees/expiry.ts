import { setTimeout as pass } from 'node:timers/promises';
import { conversation, say } from '../content.ts';
import type { Guarantee } from './guarantee.ts';

const IDLE_SECONDS = 1;

export const expiry: Guarantee = {
  name: 'expiry',
  promise: 'a session that was idle for longer than it may (here 1 s) is not gone on with',
  async check(connect) {
    const server = connect(IDLE_SECONDS);
    const said = conversation(4);
    const chat = await server.open('alice', said);
    // The time that counts is the server's, so it has to pass.
    await pass(IDLE_SECONDS * 1000 + 200);
    const heard: string[] = [];
    const turn = server.turn(chat, say('user'), async (context) => {
      heard.push(...context);
      return say('assistant');
    });
    const refused = await turn.then(
      () => false,
      () => true,
    );
    return !refused && said.some(({ content }) => heard.includes(content)) ? 'it was gone on with' : null;
  },
};
