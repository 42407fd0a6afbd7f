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
    const heard: string[] = [];
    const turn = () =>
      server.turn(chat, say('user'), async (context) => {
        heard.push(...context);
        return say('assistant');
      });
    const wasHeard = () => said.some(({ content }) => heard.includes(content));
    await turn();
    if (!wasHeard()) return 'it was not gone on with even before';
    heard.length = 0;
    // The time that counts is the server's, so it has to pass.
    await pass(IDLE_SECONDS * 1000 + 200);
    const refused = await turn().then(
      () => false,
      () => true,
    );
    return !refused && wasHeard() ? 'it was gone on with' : null;
  },
};
