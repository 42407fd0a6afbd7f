import type { SessionsClient } from 'kb-sessions-client';
import type { Report } from '../conversation/report.ts';
import { TURNS } from './turns.ts';

export interface Sent {
  readonly message_id: string;
  readonly role: 'user' | 'assistant';
  readonly content: string;
  readonly durability: 'durable' | 'volatile';
}

/** One conversation, as its page has it: what was sent, and how it was acknowledged. */
export class Chat {
  readonly session_id: string;
  readonly sent: Sent[] = [];
  readonly #report: Report;
  #page: SessionsClient;
  #turn = 0;

  constructor(report: Report, page: SessionsClient, session_id: string) {
    this.#report = report;
    this.#page = page;
    this.session_id = session_id;
  }

  get page(): SessionsClient {
    return this.#page;
  }

  /** The conversation goes on in another page. */
  moveTo(page: SessionsClient): void {
    this.#page = page;
  }

  /** A question and its answer. */
  async turn(): Promise<void> {
    const turn = TURNS[this.#turn];
    if (turn === undefined) throw new Error(`there are ${TURNS.length} turns, asked for one more`);
    this.#turn += 1;
    await this.#write('user', turn[0]);
    await this.#write('assistant', turn[1]);
  }

  async #write(role: Sent['role'], content: string): Promise<void> {
    const began = performance.now();
    const { message_id, durability, seq } = await this.#page.addMessage({
      session_id: this.session_id,
      role,
      content,
    });
    const ms = Math.round(performance.now() - began);
    this.sent.push({ message_id, role, content, durability });
    const ack = seq === null ? durability : `${durability}, number ${seq}`;
    this.#report.say(role === 'user' ? 'Agent' : 'Assistant', `${content.padEnd(58)} ${ack}, ${ms} ms`);
  }
}
