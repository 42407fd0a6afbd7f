import { randomUUID } from 'node:crypto';
import { type Chat, CONTEXT, type Connection, type Message, type Peer } from '../../peers/peer.ts';

/** The defect of a memory peer, named after the guarantee that it violates. */
export type Flaw = 'order' | 'idempotency' | 'ownership' | 'expiry' | 'two writers' | 'durable question';

type Stored = Message & { at: number };
type Session = { owner: string; messages: Stored[]; usedAt: number };

/** A peer that keeps the sessions of all its connections in memory. Without a flaw it has all guarantees. */
export const memoryPeer = (flaw: Flaw | 'none' = 'none'): Peer => {
  const sessions = new Map<string, Session>();

  const load = ({ owner, session }: Chat): Session => {
    const found = sessions.get(session);
    if (found === undefined) throw new Error('the session must exist, found none');
    if (found.owner !== owner && flaw !== 'ownership') throw new Error('it is the session of another user');
    return found;
  };
  const withTime = (message: Message): Stored => ({ ...message, at: Date.now() });

  const connect = (idleMs: number): Connection => ({
    async open(owner, messages) {
      const session = randomUUID();
      sessions.set(session, { owner, messages: messages.map(withTime), usedAt: performance.now() });
      return { owner, session };
    },
    async turn(chat, question, model) {
      const session = load(chat);
      if (flaw !== 'expiry' && performance.now() - session.usedAt > idleMs) throw new Error('it has expired');
      if (flaw !== 'idempotency' && session.messages.some(({ id }) => id === question.id)) return;
      // A write of a copy overwrites what others added in the meantime.
      const messages = flaw === 'two writers' ? [...session.messages] : session.messages;
      const asked = withTime(question);
      if (flaw !== 'durable question') messages.push(asked);
      session.messages = messages;
      const context = messages.includes(asked) ? messages : [...messages, asked];
      const answer = withTime(await model(context.slice(-CONTEXT).map(({ content }) => content)));
      if (flaw === 'durable question') messages.push(asked);
      messages.push(answer);
      session.messages = messages;
      session.usedAt = performance.now();
    },
    async read(chat) {
      const { messages } = load(chat);
      const history = flaw === 'order' ? messages.toSorted((a, b) => a.at - b.at) : messages;
      return history.map(({ content }) => content);
    },
    async close() {},
  });
  return {
    name: `in memory, flaw: ${flaw}`,
    kind: 'plain',
    connect: ({ idleSeconds }) => connect(idleSeconds * 1000),
  };
};
