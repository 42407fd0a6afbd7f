/** A message of a chat. No other message has the same content. */
export type Message = { id: string; role: 'user' | 'assistant'; content: string };

/** A session, as its user names it. */
export type Chat = { owner: string; session: string };

/** Replaces the language model: receives the contents of the newest messages, the question last, and answers. */
export type Model = (context: readonly string[]) => Promise<Message>;

/** The number of messages that the model receives, with the question. */
export const CONTEXT = 20;

/** One server process that uses a peer, with a Firestore connection of its own. */
export type Connection = {
  /** Creates a session that holds messages, as turns would have left it. The way there is not measured. */
  open(owner: string, messages: readonly Message[]): Promise<Chat>;
  /** Takes one turn as the peer's documentation describes: stores the question, asks the model, stores the answer. */
  turn(chat: Chat, question: Message, model: Model): Promise<void>;
  /** Returns the contents of all messages of a session, oldest first, as the peer reads them. */
  read(chat: Chat): Promise<string[]>;
  close(): Promise<void>;
};

export type Conditions = {
  projectId: string;
  /** The idle timeout of a session, for peers that have one. */
  idleSeconds: number;
};

/** A way to keep chat sessions in Firestore. */
export type Peer = {
  name: string;
  /** Ours, a published library, code without a library, or a lower bound for designs of its kind. */
  kind: 'ours' | 'library' | 'plain' | 'floor';
  /** Finds the emulator by FIRESTORE_EMULATOR_HOST. */
  connect(conditions: Conditions): Connection;
};
