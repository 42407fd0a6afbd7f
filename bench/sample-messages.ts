import { randomUUID } from 'node:crypto';
import type { Message } from './peers/peer.ts';

const CONTENT_LENGTH = { user: 160, assistant: 640 };

/** Creates a message with content of a fixed length in characters, which no other message has. */
export const newMessage = (role: Message['role']): Message => {
  const id = randomUUID();
  return { id, role, content: `${role} ${id} `.padEnd(CONTENT_LENGTH[role], 'what was said ') };
};

/** Creates questions and answers in turn. */
export const newConversation = (messages: number): Message[] =>
  Array.from({ length: messages }, (_, index) => newMessage(index % 2 === 0 ? 'user' : 'assistant'));
