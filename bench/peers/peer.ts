/** One message of a chat, with content that no other message has. */
export interface Message {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** A session as its user names it. */
export interface Chat {
  readonly owner: string;
  readonly session: string;
}

/** Stands for the language model: gets the contents of the newest messages, the question last, and answers. */
export type Model = (context: readonly string[]) => Promise<Message>;

/** How many messages the model gets, the question among them. */
export const CONTEXT = 20;

/** One server process that works with a peer, with a connection to Firestore of its own. */
export interface Connection {
  /** Makes a session that holds messages, as turns would have left it; how is no part of what is measured. */
  open(owner: string, messages: readonly Message[]): Promise<Chat>;
  /** One turn as the peer's documentation has it: stores the question, asks the model, stores the answer. */
  turn(chat: Chat, question: Message, model: Model): Promise<void>;
  /** The contents of all messages of a session, oldest first, as the peer tells them. */
  read(chat: Chat): Promise<string[]>;
  close(): Promise<void>;
}

export interface Conditions {
  readonly projectId: string;
  /** After how long without a turn a session is to be over, for peers that know such a thing. */
  readonly idleSeconds: number;
}

/** A way to keep chat sessions on Firestore. */
export interface Peer {
  readonly name: string;
  /** Ours; a published library; what one writes without one; or a bound: no design of its kind takes less. */
  readonly kind: 'ours' | 'library' | 'plain' | 'floor';
  /** Finds the emulator by FIRESTORE_EMULATOR_HOST. */
  connect(conditions: Conditions): Connection;
}
