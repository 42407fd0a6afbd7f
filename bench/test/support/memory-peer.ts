import { randomUUID } from 'node:crypto';
import { type Chat, CONTEXT, type Connection, type Message, type Peer } from '../../peers/peer.ts';

/** What such a peer does wrong, by the name of the guarantee that this breaks. */
export type Flaw = 'order' | 'idempotency' | 'ownership' | 'expiry' | 'two writers' | 'durable question';

interface Said extends Message {
  readonly at: number;
}

interface Session {
  readonly owner: string;
  said: Said[];
  usedAt: number;
}

/** Keeps sessions in memory, for all its connections, and all the guarantees but one. */
export function memoryPeer(flaw: Flaw | 'none' = 'none'): Peer {
  const sessions = new Map<string, Session>();

  const find = ({ owner, session }: Chat): Session => {
    const found = sessions.get(session);
    if (found === undefined) throw new Error('a session was to be there, found none');
    if (found.owner !== owner && flaw !== 'ownership') throw new Error('it is the session of somebody else');
    return found;
  };
  const stamped = (message: Message): Said => ({ ...message, at: Date.now() });

  const connect = (idleMs: number): Connection => ({
    async open(owner, messages) {
      const session = randomUUID();
      sessions.set(session, { owner, said: messages.map(stamped), usedAt: performance.now() });
      return { owner, session };
    },
    async turn(chat, question, model) {
      const session = find(chat);
      if (flaw !== 'expiry' && performance.now() - session.usedAt > idleMs) throw new Error('it has expired');
      if (flaw !== 'idempotency' && session.said.some(({ id }) => id === question.id)) return;
      // Who works on a copy puts back what others have added meanwhile.
      const said = flaw === 'two writers' ? [...session.said] : session.said;
      const asked = stamped(question);
      if (flaw !== 'durable question') said.push(asked);
      session.said = said;
      const context = said.includes(asked) ? said : [...said, asked];
      const answer = stamped(await model(context.slice(-CONTEXT).map(({ content }) => content)));
      if (flaw === 'durable question') said.push(asked);
      said.push(answer);
      session.said = said;
      session.usedAt = performance.now();
    },
    async read(chat) {
      const { said } = find(chat);
      const told = flaw === 'order' ? said.toSorted((a, b) => a.at - b.at) : said;
      return told.map(({ content }) => content);
    },
    async close() {},
  });
  return {
    name: `in memory, flaw: ${flaw}`,
    kind: 'plain',
    connect: ({ idleSeconds }) => connect(idleSeconds * 1000),
  };
}
