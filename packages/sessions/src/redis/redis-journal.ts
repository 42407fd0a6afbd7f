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

const answered = z.tuple([z.enum(['new', 'held', 'taken', 'full']), z.string()]);
const stored = z.tuple([z.string(), z.string().nullable()]);
const total = z.coerce.number().catch(0);
const reason = z.enum(REFUSAL_REASONS).nullable().catch('invalid');

/**
 * A {@link Journal} in Redis, which instances share and which outlives them; its bounds are those of all of them
 * together. Every operation is one step of Redis and one round trip. An entry that cannot be read any more is `broken`
 * when its turn comes.
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
   * A journal in the Redis at `url` (`redis[s]://[[username][:password]@]host[:port][/db]`). It connects in the
   * background: until Redis is available its operations fail at once. An operation without an answer fails after
   * `deadlineMs` milliseconds, 250 by default.
   */
  static connect(url: string, bounds: JournalBounds, deadlineMs?: number): RedisJournal {
    return new RedisJournal(new RedisConnection(url, deadlineMs), bounds);
  }

  async accept(entry: Entry): Promise<AcceptResult> {
    const json = JSON.stringify(entry);
    const bytes = Buffer.byteLength(json);
    const digest = operationDigest(entry.operation);
    const { owner } = entry.operation;
    const sessions = entry.kind === 'create' ? 1 : 0;
    const receipt = { ids: ownedIds(entry), digest, owner, bytes, sessions };
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
    const [outcome, held_by] = answered.parse(reply);
    if (outcome === 'taken') throw messageIdTakenError();
    if (outcome === 'full') throw journalFullError(this.#bounds);
    return { held_by, isNew: outcome === 'new' };
  }

  async next(line: SessionKey): Promise<Entry | BrokenEntry | null> {
    const found = stored.nullable().parse(await this.#run(NEXT, line, []));
    if (!found) return null;
    return parseEntry(line, ...found) ?? { kind: 'broken', entry_id: found[0] };
  }

  async pending(line: SessionKey): Promise<readonly Entry[]> {
    const found = z.array(stored).parse(await this.#run(PENDING, line, []));
    return found.flatMap((one) => parseEntry(line, ...one) ?? []);
  }

  async pendingSessions(limit: number): Promise<SessionKey[]> {
    const first = { BY: 'SCORE', LIMIT: { offset: 0, count: limit } } as const;
    const names = await this.#redis.ask((client) => client.zRange(KEYS.lines, '-inf', '+inf', first));
    const broken = names.filter((name) => !parseKeyName(name));
    if (broken.length > 0) await this.#redis.ask((client) => client.zRem(KEYS.lines, broken));
    return names.flatMap((name) => parseKeyName(name) ?? []);
  }

  remove(line: SessionKey, entry_id: string): Promise<boolean> {
    return this.#remove(line, entry_id, '');
  }

  refuse(line: SessionKey, entry_id: string, reason: RefusalReason): Promise<boolean> {
    return this.#remove(line, entry_id, reason);
  }

  async removeOwner(owner: string): Promise<number> {
    return z
      .number()
      .parse(await this.#redis.run(REMOVE_OWNER, ownerKeys(owner), [owner, ENTRY_LIST_PREFIX]));
  }

  async refusal(operation: CreateOperation | AppendOperation): Promise<RefusalReason | null> {
    const found = await this.#redis.ask((client) => client.hGet(KEYS.refused, operationDigest(operation)));
    return reason.parse(found);
  }

  async size(): Promise<JournalSize> {
    const totals = ['entries', 'bytes', 'sessions'];
    const [entries, bytes, sessions] = await this.#redis.ask((client) => client.hmGet(KEYS.state, totals));
    return { entries: total.parse(entries), bytes: total.parse(bytes), sessions: total.parse(sessions) };
  }

  close(): Promise<void> {
    return this.#redis.close();
  }

  async #remove(line: SessionKey, entry_id: string, reason: RefusalReason | ''): Promise<boolean> {
    return (await this.#run(REMOVE, line, [entry_id, reason, String(MAX_REFUSALS)])) === 1;
  }

  #run(script: Script, line: SessionKey, args: string[]): Promise<unknown> {
    return this.#redis.run(script, sessionKeys(line), [keyName(line), ...args]);
  }
}
