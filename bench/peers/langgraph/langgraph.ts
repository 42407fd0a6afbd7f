import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { FirestoreSaver } from '@cassina/langgraphjs-checkpoint-firestore';
import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages';
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { openApp } from '../firestore-app.ts';
import { type Chat, CONTEXT, type Connection, type Message, type Model, type Peer } from '../peer.ts';

type Durability = 'async' | 'exit';

const threadOf = ({ session }: Chat) => ({ configurable: { thread_id: session } });

const asLangChain = ({ id, role, content }: Message): HumanMessage | AIMessage =>
  role === 'user' ? new HumanMessage({ id, content }) : new AIMessage({ id, content });

const connect = (projectId: string, durability: Durability): Connection => {
  const { db, close } = openApp(projectId);
  const models = new AsyncLocalStorage<Model>();
  const agent = async ({ messages }: { messages: BaseMessage[] }) => {
    const model = models.getStore();
    if (model === undefined) throw new Error('the agent requires a model, found none');
    const answer = await model(messages.slice(-CONTEXT).map(({ text }) => text));
    return { messages: [asLangChain(answer)] };
  };
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('agent', agent)
    .addEdge(START, 'agent')
    .addEdge('agent', END)
    .compile({ checkpointer: new FirestoreSaver({ firestore: db }) });
  return {
    async open(owner, messages) {
      const chat = { owner, session: randomUUID() };
      await graph.updateState(threadOf(chat), { messages: messages.map(asLangChain) }, 'agent');
      return chat;
    },
    async turn(chat, question, model) {
      const input = { messages: [asLangChain(question)] };
      await models.run(model, () => graph.invoke(input, { ...threadOf(chat), durability }));
    },
    async read(chat) {
      const { values } = await graph.getState(threadOf(chat));
      const { messages }: { messages: BaseMessage[] } = values;
      return messages.map(({ text }) => text);
    },
    close,
  };
};

const createPeer = (name: string, durability: Durability): Peer => ({
  name,
  kind: 'library',
  connect: ({ projectId }) => connect(projectId, durability),
});

// As in the saver's README: a graph of one node, compiled with the saver. The thread is the session. LangGraph 0.4 is the
// newest version that the saver accepts. The two durabilities:
// https://docs.langchain.com/oss/javascript/langgraph/durable-execution
export const langgraph = createPeer('LangGraph, FirestoreSaver of cassina', 'async');
export const langgraphAtExit = createPeer('the same, durability exit', 'exit');
