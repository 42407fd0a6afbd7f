import { randomUUID } from 'node:crypto';
import { FieldValue, type Firestore, Timestamp } from 'firebase-admin/firestore';
import { openApp, writeInBatches } from './firestore-app.ts';
import { type Chat, CONTEXT, type Connection, type Message, type Peer } from './peer.ts';

// One document per message, below that of the session: the usual design without a library. Each call checks the owner,
// because each is a request of its own.

type Variant = {
  /** The field that orders the messages. */
  order: 'createdAt' | 'seq';
  append(db: Firestore, chat: Chat, message: Message): Promise<void>;
  context(db: Firestore, chat: Chat): Promise<string[]>;
};

const sessionOf = (db: Firestore, { session }: Chat) => db.collection('chats').doc(session);

const assertOwner = (owner: unknown, chat: Chat): void => {
  if (owner !== chat.owner) throw new Error('the caller must own the session');
};

const newest = async (db: Firestore, chat: Chat, order: string): Promise<string[]> => {
  const messages = sessionOf(db, chat).collection('messages');
  const { docs } = await messages.orderBy(order, 'desc').limit(CONTEXT).get();
  return docs.map((message): string => message.get('content')).reverse();
};

/** One step after another: https://firebase.google.com/docs/firestore/manage-data/add-data */
const stepByStep: Variant = {
  order: 'createdAt',
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
const inTransactions: Variant = {
  order: 'seq',
  append: (db, chat, message) =>
    db.runTransaction(async (transaction) => {
      const session = sessionOf(db, chat);
      const snapshot = await transaction.get(session);
      assertOwner(snapshot.get('owner'), chat);
      const count: number = snapshot.get('count') + 1;
      transaction.create(session.collection('messages').doc(message.id), { ...message, seq: count });
      transaction.update(session, { count, updatedAt: FieldValue.serverTimestamp() });
    }),
  async context(db, chat) {
    const [session, messages] = await Promise.all([sessionOf(db, chat).get(), newest(db, chat, 'seq')]);
    assertOwner(session.get('owner'), chat);
    return messages;
  },
};

const connect = (projectId: string, { order, append, context }: Variant): Connection => {
  const { db, close } = openApp(projectId);
  return {
    async open(owner, messages) {
      const chat = { owner, session: randomUUID() };
      const session = sessionOf(db, chat);
      await session.set({ owner, count: messages.length, updatedAt: FieldValue.serverTimestamp() });
      const startMs = Date.now() - messages.length;
      await writeInBatches(db, messages, (batch, message, index) => {
        const createdAt = Timestamp.fromMillis(startMs + index);
        const document = session.collection('messages').doc(message.id);
        batch.create(document, { ...message, seq: index + 1, createdAt });
      });
      return chat;
    },
    async turn(chat, question, model) {
      await append(db, chat, question);
      await append(db, chat, await model(await context(db, chat)));
    },
    async read(chat) {
      const { docs } = await sessionOf(db, chat).collection('messages').orderBy(order).get();
      return docs.map((message): string => message.get('content'));
    },
    close,
  };
};

const createPeer = (name: string, variant: Variant): Peer => ({
  name,
  kind: 'plain',
  connect: ({ projectId }) => connect(projectId, variant),
});

export const stepwise = createPeer('sub-collection, get, add and update', stepByStep);
export const transactions = createPeer('sub-collection, transactions', inTransactions);
