// What bench uses of the packages that only `npm run bench` installs, so that the gate checks the types of bench without
// half a gigabyte of them. `npm run bench` leaves this file out and checks the real ones.

declare module 'express-session' {
  export class Cookie {}
  export interface SessionData {
    cookie: Cookie;
  }
}

declare module '@google-cloud/connect-firestore' {
  type Callback<Result> = (error: unknown, result?: Result) => void;
  export class FirestoreStore {
    constructor(options: { dataset: unknown; kind: string });
    get(sid: string, callback: Callback<import('express-session').SessionData | null | undefined>): void;
    set(sid: string, session: import('express-session').SessionData, callback?: Callback<void>): void;
  }
}

declare module '@langchain/core/messages' {
  type Fields = { id: string; content: string };
  export class BaseMessage {
    constructor(fields: Fields);
    readonly text: string;
  }
  export class HumanMessage extends BaseMessage {}
  export class AIMessage extends BaseMessage {}
  export function mapChatMessagesToStoredMessages(messages: BaseMessage[]): { type: string; data: object }[];
}

declare module '@langchain/community/stores/message/firestore' {
  type Message = import('@langchain/core/messages').BaseMessage;
  export class FirestoreChatMessageHistory {
    constructor(options: object);
    addMessage(message: Message): Promise<void>;
    getMessages(): Promise<Message[]>;
  }
}

declare module '@langchain/langgraph' {
  type Message = import('@langchain/core/messages').BaseMessage;
  type Values = { messages: Message[] };
  export const START: unique symbol;
  export const END: unique symbol;
  export const MessagesAnnotation: object;
  export class StateGraph {
    constructor(annotation: object);
    addNode(name: string, node: (values: Values) => Promise<Values>): this;
    addEdge(from: string | symbol, to: string | symbol): this;
    compile(options: { checkpointer: object }): {
      updateState(thread: object, values: Values, node: string): Promise<unknown>;
      invoke(values: Values, options: object): Promise<unknown>;
      getState(thread: object): Promise<{ values: Values }>;
    };
  }
}

declare module '@cassina/langgraphjs-checkpoint-firestore' {
  export class FirestoreSaver {
    constructor(options: { firestore: unknown });
  }
}

declare module '@genkit-ai/core' {
  export function runWithContext<Result>(context: object, run: () => Promise<Result>): Promise<Result>;
}

declare module 'genkit/beta' {
  type Message = { role: 'user' | 'model'; content: { text: string }[] };
  export type SessionState = { sessionId: string; messages: Message[]; artifacts: unknown[] };
  export function genkit(options: object): {
    defineModel(
      options: { name: string },
      run: (request: { messages: Message[] }) => Promise<{ message: Message; finishReason: string }>,
    ): object;
    defineAgent(options: { name: string; model: object; store: object }): {
      chat(options: { sessionId: string }): {
        send(request: {
          message: Message;
        }): Promise<{ finishReason: string; raw: { error?: { message?: string } } }>;
      };
    };
  };
}

declare module '@genkit-ai/google-cloud/beta' {
  type State = import('genkit/beta').SessionState;
  export class FirestoreSessionStore {
    constructor(options: {
      db: unknown;
      snapshotPathPrefix: (options?: { context?: { auth?: { uid?: string } } }) => string;
    });
    saveSnapshot(id: undefined, make: () => object, options: object): Promise<string | null>;
    getSnapshot(options: object): Promise<{ state?: State } | undefined>;
  }
}
