import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { FirestoreStore } from '@google-cloud/connect-firestore';
import { Cookie, type SessionData } from 'express-session';
import { openApp } from './firestore-app.ts';
import { CONTEXT, type Connection, type Message, type Peer } from './peer.ts';

declare module 'express-session' {
  interface SessionData {
    owner: string;
    messages: Message[];
  }
}

// https://github.com/googleapis/nodejs-firestore-session: the messages are in req.session. Used as express-session does:
// `get` at the start of a request, `set` at its end and at req.session.save().

const connect = (projectId: string, saveQuestion: boolean): Connection => {
  const { db, close } = openApp(projectId);
  const store = new FirestoreStore({ dataset: db, kind: 'express-sessions' });
  const get = promisify<string, SessionData | null | undefined>(store.get);
  const set = promisify<string, SessionData>(store.set);
  const load = async (sid: string): Promise<SessionData> => {
    const data = await get(sid);
    if (!data) throw new Error('the session must exist, found none');
    return data;
  };
  return {
    async open(owner, messages) {
      const session = randomUUID();
      await set(session, { cookie: new Cookie(), owner, messages: [...messages] });
      return { owner, session };
    },
    async turn({ session }, question, model) {
      const data = await load(session);
      data.messages.push(question);
      if (saveQuestion) await set(session, data);
      data.messages.push(await model(data.messages.slice(-CONTEXT).map(({ content }) => content)));
      await set(session, data);
    },
    async read({ session }) {
      const { messages } = await load(session);
      return messages.map(({ content }) => content);
    },
    close,
  };
};

const createPeer = (name: string, saveQuestion: boolean): Peer => ({
  name,
  kind: 'library',
  connect: ({ projectId }) => connect(projectId, saveQuestion),
});

export const connectFirestore = createPeer('connect-firestore, saved before and after the answer', true);
export const connectFirestoreAtEnd = createPeer('connect-firestore, saved at the end', false);
