import type { Cost } from 'kb-sessions-testing';
import { type BenchContext, DELAY_MS, untilBroken } from '../bench-context.ts';
import { conversation, say } from '../content.ts';
import type { Chat, Connection } from '../peers/peer.ts';

/** One run: what went over the wire, and how long it took. */
export interface Run extends Cost {
  readonly ms: number;
}

/** How much a session may grow by being measured before another takes its place. */
const GROWTH = 0.1;

/** Takes turns in sessions that hold a certain number of messages. */
export class TurnMeter {
  readonly #stage: BenchContext;
  readonly #connection: Connection;
  readonly #size: number;
  #chat: Chat | undefined;
  #held = 0;

  constructor(stage: BenchContext, connection: Connection, size: number) {
    this.#stage = stage;
    this.#connection = connection;
    this.#size = size;
  }

  async run(): Promise<Run> {
    const { firestore } = this.#stage;
    return untilBroken(async () => {
      const chat = await this.#session();
      // What a turn that fails leaves is gone on with by nobody.
      this.#chat = undefined;
      await firestore.delay(DELAY_MS);
      await firestore.take();
      const question = say('user');
      const answer = say('assistant');
      const began = performance.now();
      await this.#connection.turn(chat, question, async () => answer);
      const ms = performance.now() - began;
      this.#chat = chat;
      this.#held += 2;
      return { ...(await firestore.take()), ms };
    });
  }

  async #session(): Promise<Chat> {
    if (this.#chat === undefined || this.#held > this.#size * (1 + GROWTH)) {
      await this.#stage.firestore.delay(0);
      this.#chat = await this.#connection.open('alice', conversation(this.#size));
      this.#held = this.#size;
    }
    return this.#chat;
  }
}
