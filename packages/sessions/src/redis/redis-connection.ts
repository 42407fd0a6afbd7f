import { once } from 'node:events';
import { TaskCancelledError, TimeoutStrategy, timeout } from 'cockatiel';
import type { RedisClientType } from 'redis';
import type { Script } from './lua-scripts.ts';

/** What an operation may take, in milliseconds. Redis is asked beside or instead of Firestore: when slow it is no help. */
const DEADLINE_MS = 250;
const CONNECT_DEADLINE_MS = 1000;
/** Pause before another try to connect, in milliseconds. */
const RECONNECT_MS = 250;

/** `tried` resolves when the first try to connect is over. */
type Link = { client: RedisClientType; tried: Promise<unknown> };

/**
 * A connection to Redis that is made in the background, and made again whenever it is lost: meanwhile every command
 * fails at once. One that is not answered in `deadlineMs` fails too, and may still be carried out. The first loads the
 * package `redis`.
 */
export class RedisConnection {
  readonly #url: string;
  readonly #deadlineMs: number;
  #link: Promise<Link>;
  /** Why there is no connection. */
  #trouble: unknown;

  /** `url`: `redis[s]://[[username][:password]@]host[:port][/db]` */
  constructor(url: string, deadlineMs = DEADLINE_MS) {
    this.#url = url;
    this.#deadlineMs = deadlineMs;
    this.#link = this.#open();
  }

  async ask<Reply>(command: (client: RedisClientType) => Promise<Reply>): Promise<Reply> {
    const link = this.#link;
    const { client, tried } = await link;
    try {
      return await timeout(this.#deadlineMs, TimeoutStrategy.Aggressive).execute(async () => {
        await tried;
        if (!client.isReady) throw new Error('no connection to Redis', { cause: this.#trouble });
        return command(client);
      });
    } catch (error) {
      if (!(error instanceof TaskCancelledError)) throw error;
      this.#trouble = new Error(`Redis was to answer within ${this.#deadlineMs} ms`);
      // Answers come in order: behind one that is overdue wait all others. A peer that is gone may be silent for many minutes.
      if (this.#link === link) this.#link = this.#open();
      client.destroy();
      throw this.#trouble;
    }
  }

  /** Runs a script, which Redis is told in full only where it does not know it. */
  run({ sha1, lua }: Script, keys: string[], args: string[]): Promise<unknown> {
    const options = { keys, arguments: args };
    return this.ask(async (client) => {
      try {
        return await client.evalSha(sha1, options);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return client.eval(lua, options);
      }
    });
  }

  async close(): Promise<void> {
    (await this.#link).client.destroy();
  }

  #open(): Promise<Link> {
    const link = this.#connect();
    // Where there can be no client, whoever asks is told.
    link.catch(() => {});
    return link;
  }

  async #connect(): Promise<Link> {
    const { createClient } = await import('redis').catch((cause: unknown) => {
      throw new Error('the package redis is missing: run npm install redis', { cause });
    });
    const client: RedisClientType = createClient({
      url: this.#url,
      disableOfflineQueue: true,
      socket: { connectTimeout: CONNECT_DEADLINE_MS, reconnectStrategy: () => RECONNECT_MS },
    });
    const note = (error: unknown) => {
      this.#trouble = error;
    };
    client.on('error', note);
    client.connect().catch(note);
    return { client, tried: once(client, 'ready').catch(note) };
  }
}
