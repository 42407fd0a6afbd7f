import { randomUUID } from 'node:crypto';
import { FirestoreChatMessageHistory } from '@langchain/community/stores/message/firestore';
import { AIMessage, HumanMessage, mapChatMessagesToStoredMessages } from '@langchain/core/messages';
import { getApps } from 'firebase-admin/app';
import { Timestamp } from 'firebase-admin/firestore';
import { openApp, writeInBatches } from './firestore-app.ts';
import { type Chat, CONTEXT, type Message, type Peer } from './peer.ts';

const asLangChain = ({ id, role, content }: Message): HumanMessage | AIMessage =>
  role === 'user' ? new HumanMessage({ id, content }) : new AIMessage({ id, content });

/**
 * https://docs.langchain.com/oss/javascript/integrations/chat/ and the class's own example: a history per session, created
 * for each request. It has no limit, so the newest messages are cut out of all.
 */
export const langchain: Peer = {
  name: 'LangChain FirestoreChatMessageHistory',
  kind: 'library',
  connect({ projectId }) {
    const { app, db, close } = openApp(projectId);
    const historyOf = ({ owner, session }: Chat) =>
      new FirestoreChatMessageHistory({
        collections: ['chats'],
        docs: [session],
        sessionId: session,
        userId: owner,
        appIdx: getApps().indexOf(app),
      });
    return {
      // The documents that addMessage writes, without two commits per message.
      async open(owner, messages) {
        const session = randomUUID();
        const document = db.collection('chats').doc(session);
        await document.set({ id: session, user_id: owner });
        const startMs = Date.now() - messages.length;
        const stored = mapChatMessagesToStoredMessages(messages.map(asLangChain));
        await writeInBatches(db, stored, (batch, { type, data }, index) => {
          const createdAt = Timestamp.fromMillis(startMs + index);
          batch.create(document.collection('messages').doc(), { type, data, createdBy: owner, createdAt });
        });
        return { owner, session };
      },
      async turn(chat, question, model) {
        const history = historyOf(chat);
        await history.addMessage(asLangChain(question));
        const messages = await history.getMessages();
        const answer = await model(messages.slice(-CONTEXT).map(({ text }) => text));
        await history.addMessage(asLangChain(answer));
      },
      async read(chat) {
        const messages = await historyOf(chat).getMessages();
        return messages.map(({ text }) => text);
      },
      close,
    };
  },
};
