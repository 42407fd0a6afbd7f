import { conversation, say } from '../content.ts';
import type { Guarantee } from './guarantee.ts';

export const ownership: Guarantee = {
  name: 'ownership',
  promise: 'who names the session of somebody else neither gets its messages nor adds one',
  async check(connect) {
    const server = connect();
    const said = conversation(4);
    const chat = await server.open('alice', said);
    const heard: string[] = [];
    const model = async (context: readonly string[]) => {
      heard.push(...context);
      return say('assistant');
    };
    const theft = server.turn({ ...chat, owner: 'mallory' }, say('user'), model);
    // Being refused is as good as getting a session of one's own.
    await theft.catch(() => undefined);
    if (said.some(({ content }) => heard.includes(content))) return 'the stranger’s model got the messages';
    const added = (await server.read(chat)).length - said.length;
    if (added !== 0) return `the stranger added ${added} messages`;
    await server.turn(chat, say('user'), model);
    return said.every(({ content }) => heard.includes(content))
      ? null
      : 'the owner’s model did not get the messages either';
  },
};
