import { type BenchContext, DELAY_MS, failOnUnhandled } from '../bench-context.ts';
import type { Chat, Connection } from '../peers/peer.ts';
import { newConversation, newMessage } from '../sample-messages.ts';
import type { Run } from './turn-result.ts';

/** The growth of a session, as a share of its size, after which a new session replaces it. */
const MAX_GROWTH = 0.1;

/** Measures turns in sessions that hold a given number of messages. */
export class TurnMeter {
  readonly #context: BenchContext;
  readonly #connection: Connection;
  readonly #size: number;
  #chat: Chat | undefined;
  #messages = 0;

  constructor(context: BenchContext, connection: Connection, size: number) {
    this.#context = context;
    this.#connection = connection;
    this.#size = size;
  }

  async run(): Promise<Run> {
    const { firestore } = this.#context;
    return failOnUnhandled(async () => {
      const chat = await this.#session();
      // A session is not used again after a turn in it failed.
      this.#chat = undefined;
      await firestore.delay(DELAY_MS);
      await firestore.take();
      const question = newMessage('user');
      const answer = newMessage('assistant');
      const startedAt = performance.now();
      await this.#connection.turn(chat, question, async () => answer);
      const ms = performance.now() - startedAt;
      this.#chat = chat;
      this.#messages += 2;
      return { ...(await firestore.take()), ms };
    });
  }

  async #session(): Promise<Chat> {
    if (this.#chat === undefined || this.#messages > this.#size * (1 + MAX_GROWTH)) {
      await this.#context.firestore.delay(0);
      this.#chat = await this.#connection.open('alice', newConversation(this.#size));
      this.#messages = this.#size;
    }
    return this.#chat;
  }
}
