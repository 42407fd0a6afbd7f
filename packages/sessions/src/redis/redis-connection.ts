import { once } from 'node:events';
import { TaskCancelledError, TimeoutStrategy, timeout } from 'cockatiel';
import type { RedisClientType } from 'redis';
import type { Script } from './lua-scripts.ts';

/** The deadline of a command, in milliseconds. Calls use Redis beside or instead of Firestore, so a slow Redis is of no use. */
const DEADLINE_MS = 250;
const CONNECT_DEADLINE_MS = 1000;
/** The pause before the next attempt to connect, in milliseconds. */
const RECONNECT_PAUSE_MS = 250;

/** `firstAttempt` resolves when the first attempt to connect has succeeded or failed. */
type Connection = { client: RedisClientType; firstAttempt: Promise<unknown> };

/**
 * A connection to Redis that is made in the background, and again whenever it is lost. Meanwhile every command fails at once.
 * A command without an answer within `deadlineMs` fails too, and may still take effect. The first connection loads the
 * package `redis`.
 *
 * @example
 * ```ts
 * import { RedisConnection } from 'kb-sessions/redis';
 *
 * const redis = new RedisConnection('redis://localhost:6379');
 * console.log(await redis.ask((client) => client.ping()));
 * await redis.close();
 * ```
 */
export class RedisConnection {
  readonly #url: string;
  readonly #deadlineMs: number;
  #connection: Promise<Connection>;
  /** Why there is no connection. */
  #lastError: unknown;

  /**
   * @param url `redis[s]://[[username][:password]@]host[:port][/db]`
   * @param deadlineMs the deadline of a command, in milliseconds
   */
  constructor(url: string, deadlineMs = DEADLINE_MS) {
    this.#url = url;
    this.#deadlineMs = deadlineMs;
    this.#connection = this.#open();
  }

  /**
   * Runs a command.
   *
   * @throws Error if there is no connection or no answer within the deadline; otherwise the error of the command
   */
  async ask<Reply>(command: (client: RedisClientType) => Promise<Reply>): Promise<Reply> {
    const connection = this.#connection;
    const { client, firstAttempt } = await connection;
    try {
      return await timeout(this.#deadlineMs, TimeoutStrategy.Aggressive).execute(async () => {
        await firstAttempt;
        if (!client.isReady) throw new Error('no connection to Redis', { cause: this.#lastError });
        return command(client);
      });
    } catch (error) {
      if (!(error instanceof TaskCancelledError)) throw error;
      this.#lastError = new Error(`no answer from Redis within ${this.#deadlineMs} ms`);
      // Answers come in order, so a late one delays all others. A peer that is gone may be silent for many minutes.
      if (this.#connection === connection) this.#connection = this.#open();
      client.destroy();
      throw this.#lastError;
    }
  }

  /**
   * Runs a script. Redis gets its text only if it does not know its digest.
   *
   * @throws as {@link RedisConnection.ask}
   */
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

  /** Closes the connection. Commands fail from then on. */
  async close(): Promise<void> {
    (await this.#connection).client.destroy();
  }

  #open(): Promise<Connection> {
    const connection = this.#connect();
    // If no client can be made, each command reports the error.
    connection.catch(() => {});
    return connection;
  }

  async #connect(): Promise<Connection> {
    const { createClient } = await import('redis').catch((cause: unknown) => {
      throw new Error('the package redis is missing: run npm install redis', { cause });
    });
    const client: RedisClientType = createClient({
      url: this.#url,
      disableOfflineQueue: true,
      socket: { connectTimeout: CONNECT_DEADLINE_MS, reconnectStrategy: () => RECONNECT_PAUSE_MS },
    });
    const noteError = (error: unknown) => {
      this.#lastError = error;
    };
    client.on('error', noteError);
    client.connect().catch(noteError);
    return { client, firstAttempt: once(client, 'ready').catch(noteError) };
  }
}
