import { randomUUID } from 'node:crypto';
import { FieldValue, type Firestore } from 'firebase-admin/firestore';
import { openApp } from './firestore-app.ts';
import { type Chat, CONTEXT, type Connection, type Message, type Peer } from './peer.ts';

// The whole chat in one document, as in many tutorials. Two ways to append to an array:
// https://firebase.google.com/docs/firestore/manage-data/add-data#update_elements_in_an_array

type Append = (db: Firestore, chat: Chat, message: Message) => Promise<void>;

const now = (): string => new Date().toISOString();

const byGetAndSet: Append = async (db, { owner, session }, message) => {
  const document = db.collection('chats').doc(session);
  const chat = (await document.get()).data();
  if (chat?.owner !== owner) throw new Error('the caller must own the session');
  await document.set({ ...chat, messages: [...chat.messages, message], updatedAt: now() });
};

/**
 * Reads nothing, so it does not check the owner. A message has no time here: with a time, a repeated message would be
 * another element.
 */
const byArrayUnion: Append = async (db, { session }, message) => {
  const messages = FieldValue.arrayUnion(message);
  await db.collection('chats').doc(session).update({ messages, updatedAt: now() });
};

const connect = (projectId: string, append: Append): Connection => {
  const { db, close } = openApp(projectId);
  const read = async (session: string): Promise<string[]> => {
    const messages: Message[] = (await db.collection('chats').doc(session).get()).get('messages');
    return messages.map(({ content }) => content);
  };
  return {
    async open(owner, messages) {
      const session = randomUUID();
      await db.collection('chats').doc(session).set({ owner, messages, updatedAt: now() });
      return { owner, session };
    },
    async turn(chat, question, model) {
      await append(db, chat, question);
      const context = await read(chat.session);
      await append(db, chat, await model(context.slice(-CONTEXT)));
    },
    read: ({ session }) => read(session),
    close,
  };
};

const createPeer = (name: string, append: Append): Peer => ({
  name,
  kind: 'plain',
  connect: ({ projectId }) => connect(projectId, append),
});

export const arrayBySet = createPeer('array in a document, get and set', byGetAndSet);
export const arrayByUnion = createPeer('array in a document, arrayUnion', byArrayUnion);
