import { randomUUID } from 'node:crypto';
import { FieldValue, type Firestore, Timestamp } from 'firebase-admin/firestore';
import { inBatches } from './in-batches.ts';
import { openApp } from './open-app.ts';
import { type Chat, CONTEXT, type Connection, type Message, type Peer } from './peer.ts';

// A document per message below the session's, which is what one arrives at without a library. The owner is checked in
// each call, because each is a request of its own.

interface Form {
  append(db: Firestore, chat: Chat, message: Message): Promise<void>;
  context(db: Firestore, chat: Chat): Promise<string[]>;
}

/** One step after another: https://firebase.google.com/docs/firestore/manage-data/add-data */
const stepByStep: Form = {
  async append(db, chat, message) {
    const session = sessionOf(db, chat);
    assertOwner((await session.get()).get('owner'), chat);
    await session.collection('messages').add({ ...message, createdAt: FieldValue.serverTimestamp() });
    await session.update({ updatedAt: FieldValue.serverTimestamp(), count: FieldValue.increment(1) });
  },
  async context(db, chat) {
    assertOwner((await sessionOf(db, chat).get()).get('owner'), chat);
    return newest(db, chat, 'createdAt');
  },
};

/** https://firebase.google.com/docs/firestore/manage-data/transactions */
const inTransactions: Form = {
  append: (db, chat, message) =>
    db.runTransaction(async (transaction) => {
      const session = sessionOf(db, chat);
      const found = await transaction.get(session);
      assertOwner(found.get('owner'), chat);
      const count: number = found.get('count') + 1;
      transaction.create(session.collection('messages').doc(message.id), { ...message, seq: count });
      transaction.update(session, { count, updatedAt: FieldValue.serverTimestamp() });
    }),
  async context(db, chat) {
    const [session, messages] = await Promise.all([sessionOf(db, chat).get(), newest(db, chat, 'seq')]);
    assertOwner(session.get('owner'), chat);
    return messages;
  },
};

export const stepwise: Peer = peer('sub-collection, get, add and update', stepByStep, 'createdAt');
export const transactions: Peer = peer('sub-collection, transactions', inTransactions, 'seq');

function peer(name: string, form: Form, order: string): Peer {
  return { name, kind: 'plain', connect: ({ projectId }) => connect(projectId, form, order) };
}

function connect(projectId: string, { append, context }: Form, order: string): Connection {
  const { db, close } = openApp(projectId);
  return {
    async open(owner, messages) {
      const chat = { owner, session: randomUUID() };
      const session = sessionOf(db, chat);
      await session.set({ owner, count: messages.length, updatedAt: FieldValue.serverTimestamp() });
      const begin = Date.now() - messages.length;
      await inBatches(db, messages, (batch, message, index) => {
        const createdAt = Timestamp.fromMillis(begin + index);
        batch.create(session.collection('messages').doc(message.id), {
          ...message,
          seq: index + 1,
          createdAt,
        });
      });
      return chat;
    },
    async turn(chat, question, model) {
      await append(db, chat, question);
      await append(db, chat, await model(await context(db, chat)));
    },
    async read(chat) {
      const found = await sessionOf(db, chat).collection('messages').orderBy(order).get();
      return found.docs.map((message): string => message.get('content'));
    },
    close,
  };
}

async function newest(db: Firestore, chat: Chat, order: string): Promise<string[]> {
  const messages = sessionOf(db, chat).collection('messages');
  const found = await messages.orderBy(order, 'desc').limit(CONTEXT).get();
  return found.docs.map((message): string => message.get('content')).reverse();
}

function sessionOf(db: Firestore, { session }: Chat) {
  return db.collection('chats').doc(session);
}

function assertOwner(owner: unknown, chat: Chat): void {
  if (owner !== chat.owner) throw new Error('the session is not the caller’s');
}
