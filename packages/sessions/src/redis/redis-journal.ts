import { randomUUID } from 'node:crypto';
import { REFUSAL_REASONS, type RefusalReason } from 'kb-sessions-contract/errors';
import * as z from 'zod';
import {
  type AcceptResult,
  type BrokenEntry,
  type Entry,
  type Journal,
  type JournalBounds,
  type JournalSize,
  journalFullError,
  keyName,
  MAX_REFUSALS,
  operationDigest,
  ownedIds,
  type SessionKey,
  sessionKey,
} from '../journal/journal.ts';
import { messageIdTakenError } from '../session-errors.ts';
import type { AppendOperation, CreateOperation } from '../session-store.ts';
import { parseEntry, parseKeyName } from './entry-schema.ts';
import { ENTRY_LIST_PREFIX, KEYS, ownerKeys, sessionKeys } from './keys.ts';
import { ACCEPT, NEXT, PENDING, REMOVE, REMOVE_OWNER, type Script } from './lua-scripts.ts';
import { RedisConnection } from './redis-connection.ts';

const acceptReplySchema = z.tuple([z.enum(['new', 'held', 'taken', 'full']), z.string()]);
const entryReplySchema = z.tuple([z.string(), z.string().nullable()]);
const totalSchema = z.coerce.number().catch(0);
const refusalSchema = z.enum(REFUSAL_REASONS).nullable().catch('invalid');

/**
 * A {@link Journal} in Redis. The instances share it, and it outlives them; its bounds apply to all instances together. Each
 * operation is one atomic step of Redis and one round trip. An entry that cannot be read any more is `broken` when it is the
 * next one.
 *
 * @example
 * ```ts
 * import { RedisJournal } from 'kb-sessions/redis';
 *
 * const journal = RedisJournal.connect('redis://localhost:6379', { entries: 10_000, bytes: 32 * 1024 * 1024 });
 * const { entries } = await journal.size();
 * console.log(entries, 'pending operations');
 * await journal.close();
 * ```
 */
export class RedisJournal implements Journal {
  readonly isKnownEmpty = false;
  readonly #redis: RedisConnection;
  readonly #bounds: JournalBounds;

  constructor(redis: RedisConnection, bounds: JournalBounds) {
    this.#redis = redis;
    this.#bounds = bounds;
  }

  /**
   * The journal in the Redis at `url` (`redis[s]://[[username][:password]@]host[:port][/db]`). The connection is made in the
   * background. While Redis is unavailable, operations fail at once. An operation without an answer fails after
   * `deadlineMs` milliseconds, 250 by default.
   */
  static connect(url: string, bounds: JournalBounds, deadlineMs?: number): RedisJournal {
    return new RedisJournal(new RedisConnection(url, deadlineMs), bounds);
  }

  async accept(entry: Entry): Promise<AcceptResult> {
    const json = JSON.stringify(entry);
    const { owner } = entry.operation;
    const receipt = {
      ids: ownedIds(entry),
      digest: operationDigest(entry.operation),
      owner,
      bytes: Buffer.byteLength(json),
      sessions: entry.kind === 'create' ? 1 : 0,
    };
    const { perOwner = this.#bounds } = this.#bounds;
    const reply = await this.#run(ACCEPT, sessionKey(entry.operation), [
      entry.entry_id,
      json,
      JSON.stringify(receipt),
      String(this.#bounds.entries),
      String(this.#bounds.bytes),
      String(perOwner.entries),
      String(perOwner.bytes),
      randomUUID(),
    ]);
    const [outcome, held_by] = acceptReplySchema.parse(reply);
    if (outcome === 'taken') throw messageIdTakenError();
    if (outcome === 'full') throw journalFullError(this.#bounds);
    return { held_by, isNew: outcome === 'new' };
  }

  async next(key: SessionKey): Promise<Entry | BrokenEntry | null> {
    const reply = entryReplySchema.nullable().parse(await this.#run(NEXT, key, []));
    if (!reply) return null;
    return parseEntry(key, ...reply) ?? { kind: 'broken', entry_id: reply[0] };
  }

  async pending(key: SessionKey): Promise<readonly Entry[]> {
    const replies = z.array(entryReplySchema).parse(await this.#run(PENDING, key, []));
    return replies.flatMap((reply) => parseEntry(key, ...reply) ?? []);
  }

  async pendingSessions(limit: number): Promise<SessionKey[]> {
    const range = { BY: 'SCORE', LIMIT: { offset: 0, count: limit } } as const;
    const names = await this.#redis.ask((client) => client.zRange(KEYS.sessions, '-inf', '+inf', range));
    const broken = names.filter((name) => !parseKeyName(name));
    if (broken.length > 0) await this.#redis.ask((client) => client.zRem(KEYS.sessions, broken));
    return names.flatMap((name) => parseKeyName(name) ?? []);
  }

  remove(key: SessionKey, entry_id: string): Promise<boolean> {
    return this.#remove(key, entry_id, '');
  }

  refuse(key: SessionKey, entry_id: string, reason: RefusalReason): Promise<boolean> {
    return this.#remove(key, entry_id, reason);
  }

  async removeOwner(owner: string): Promise<number> {
    const args = [owner, ENTRY_LIST_PREFIX];
    return z.number().parse(await this.#redis.run(REMOVE_OWNER, ownerKeys(owner), args));
  }

  async refusal(operation: CreateOperation | AppendOperation): Promise<RefusalReason | null> {
    const digest = operationDigest(operation);
    return refusalSchema.parse(await this.#redis.ask((client) => client.hGet(KEYS.refused, digest)));
  }

  async size(): Promise<JournalSize> {
    const fields = ['entries', 'bytes', 'sessions'];
    const totals = await this.#redis.ask((client) => client.hmGet(KEYS.state, fields));
    const [entries = 0, bytes = 0, sessions = 0] = totals.map((total) => totalSchema.parse(total));
    return { entries, bytes, sessions };
  }

  /** Closes the connection. Operations fail from then on. */
  close(): Promise<void> {
    return this.#redis.close();
  }

  async #remove(key: SessionKey, entry_id: string, reason: RefusalReason | ''): Promise<boolean> {
    return (await this.#run(REMOVE, key, [entry_id, reason, String(MAX_REFUSALS)])) === 1;
  }

  #run(script: Script, key: SessionKey, args: string[]): Promise<unknown> {
    return this.#redis.run(script, sessionKeys(key), [keyName(key), ...args]);
  }
}
