import { randomUUID } from 'node:crypto';
import type { Message } from './peers/peer.ts';

const LENGTH = { user: 160, assistant: 640 } as const;

/** A message of the length that questions and answers have here, in characters. */
export function say(role: Message['role']): Message {
  const id = randomUUID();
  return { id, role, content: `${role} ${id} `.padEnd(LENGTH[role], 'what was said ') };
}

/** Questions and answers in turn. */
export function conversation(messages: number): Message[] {
  return Array.from({ length: messages }, (_, index) => say(index % 2 === 0 ? 'user' : 'assistant'));
}
