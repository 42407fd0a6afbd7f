import type { SessionsClient } from 'kb-sessions-client';
import type { Transcript } from '../shared/transcript.ts';
import { TURNS } from './chat-turns.ts';

/** A message that the page has sent, and how the call acknowledged it. */
export type SentMessage = {
  message_id: string;
  role: 'user' | 'assistant';
  content: string;
  durability: 'durable' | 'volatile';
};

/** A conversation in a page, with the messages that the page has sent. */
export class Chat {
  readonly session_id: string;
  readonly sent: SentMessage[] = [];
  readonly #transcript: Transcript;
  #page: SessionsClient;
  #turns = 0;

  constructor(transcript: Transcript, page: SessionsClient, session_id: string) {
    this.#transcript = transcript;
    this.#page = page;
    this.session_id = session_id;
  }

  get page(): SessionsClient {
    return this.#page;
  }

  /** Continues the conversation in another page. */
  moveTo(page: SessionsClient): void {
    this.#page = page;
  }

  /** Sends the next question and its answer. */
  async sendTurn(): Promise<void> {
    const turn = TURNS[this.#turns];
    if (turn === undefined) throw new Error(`there are ${TURNS.length} turns, asked for one more`);
    this.#turns += 1;
    await this.#send('user', turn[0]);
    await this.#send('assistant', turn[1]);
  }

  async #send(role: SentMessage['role'], content: string): Promise<void> {
    const startedAt = performance.now();
    const { message_id, durability, seq } = await this.#page.addMessage({
      session_id: this.session_id,
      role,
      content,
    });
    const ms = Math.round(performance.now() - startedAt);
    this.sent.push({ message_id, role, content, durability });
    const acknowledgement = seq === null ? durability : `${durability}, number ${seq}`;
    const speaker = role === 'user' ? 'Agent' : 'Assistant';
    this.#transcript.say(speaker, `${content.padEnd(58)} ${acknowledgement}, ${ms} ms`);
  }
}
