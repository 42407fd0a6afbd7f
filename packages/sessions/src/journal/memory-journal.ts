import { randomUUID } from 'node:crypto';
import type { RefusalReason } from 'kb-sessions-contract/errors';
import { messageIdTakenError } from '../session-errors.ts';
import type { AppendOperation, CreateOperation } from '../session-store.ts';
import {
  type AcceptResult,
  type Entry,
  entryBytes,
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
} from './journal.ts';

const EMPTY: JournalSize = { entries: 0, bytes: 0, sessions: 0 };

type StoredEntry = { entry: Entry; bytes: number; digest: string };
type Sizes = { total: JournalSize; ofOwner: JournalSize };
type PendingSession = { key: SessionKey; entries: StoredEntry[] };

/**
 * A {@link Journal} in the memory of the instance. Its entries are lost when the instance stops.
 *
 * @example
 * ```ts
 * import { MemoryJournal } from 'kb-sessions/memory';
 *
 * export const journal = new MemoryJournal({
 *   entries: 10_000,
 *   bytes: 32 * 1024 * 1024,
 *   perOwner: { entries: 500, bytes: 1024 * 1024 },
 * });
 * ```
 */
export class MemoryJournal implements Journal {
  readonly #bounds: JournalBounds;
  readonly #name = randomUUID();
  readonly #sessions = new Map<string, PendingSession>();
  /** The entry that has an id of an owner. */
  readonly #ids = new Map<string, StoredEntry>();
  readonly #refusals = new Map<string, RefusalReason>();
  readonly #owners = new Map<string, JournalSize>();
  #total = EMPTY;

  constructor(bounds: JournalBounds) {
    this.#bounds = bounds;
  }

  get isKnownEmpty(): boolean {
    return this.#sessions.size === 0;
  }

  async accept(entry: Entry): Promise<AcceptResult> {
    const digest = operationDigest(entry.operation);
    if (this.#isHeld(entry, digest)) return { held_by: this.#name, isNew: false };
    const bytes = entryBytes(entry);
    const sizes = this.#sizesAfter(entry, bytes);
    const { perOwner = this.#bounds } = this.#bounds;
    if (exceeds(sizes.total, this.#bounds) || exceeds(sizes.ofOwner, perOwner))
      throw journalFullError(this.#bounds);
    const stored = { entry: structuredClone(entry), bytes, digest };
    const key = sessionKey(entry.operation);
    const session = this.#sessions.get(keyName(key)) ?? { key, entries: [] };
    if (entry.kind === 'create') session.entries.unshift(stored);
    else session.entries.push(stored);
    this.#sessions.set(keyName(key), session);
    for (const id of ownedIds(entry)) this.#ids.set(id, stored);
    this.#setSizes(key.owner, sizes);
    return { held_by: this.#name, isNew: true };
  }

  async next(key: SessionKey): Promise<Entry | null> {
    return this.#sessions.get(keyName(key))?.entries[0]?.entry ?? null;
  }

  async pending(key: SessionKey): Promise<readonly Entry[]> {
    return this.#sessions.get(keyName(key))?.entries.map(({ entry }) => entry) ?? [];
  }

  async pendingSessions(limit: number): Promise<SessionKey[]> {
    return [...this.#sessions.values()].slice(0, limit).map(({ key }) => ({ ...key }));
  }

  async remove(key: SessionKey, entry_id: string): Promise<boolean> {
    return this.#removeFirst(key, entry_id) !== null;
  }

  async refuse(key: SessionKey, entry_id: string, reason: RefusalReason): Promise<boolean> {
    const removed = this.#removeFirst(key, entry_id);
    if (!removed) return false;
    this.#addRefusal(removed.digest, reason);
    return true;
  }

  async removeOwner(owner: string): Promise<number> {
    const { entries: count } = this.#owners.get(owner) ?? EMPTY;
    for (const { key, entries } of this.#sessions.values())
      if (key.owner === owner) for (const { entry } of [...entries]) this.#removeFirst(key, entry.entry_id);
    return count;
  }

  async refusal(operation: CreateOperation | AppendOperation): Promise<RefusalReason | null> {
    return this.#refusals.get(operationDigest(operation)) ?? null;
  }

  async size(): Promise<JournalSize> {
    return { ...this.#total };
  }

  /** @throws SessionError `already-exists` if an id of the entry is pending with other content */
  #isHeld(entry: Entry, digest: string): boolean {
    const withSameId = ownedIds(entry).flatMap((id) => this.#ids.get(id) ?? []);
    if (withSameId.some((stored) => stored.digest !== digest)) throw messageIdTakenError();
    return withSameId.length > 0;
  }

  #removeFirst(key: SessionKey, entry_id: string): StoredEntry | null {
    const session = this.#sessions.get(keyName(key));
    const first = session?.entries[0];
    if (!session || first?.entry.entry_id !== entry_id) return null;
    session.entries.shift();
    if (session.entries.length === 0) this.#sessions.delete(keyName(key));
    for (const id of ownedIds(first.entry)) this.#ids.delete(id);
    this.#setSizes(key.owner, this.#sizesAfter(first.entry, first.bytes, -1));
    return first;
  }

  #addRefusal(digest: string, reason: RefusalReason): void {
    this.#refusals.delete(digest);
    this.#refusals.set(digest, reason);
    const [oldest] = this.#refusals.keys();
    if (this.#refusals.size > MAX_REFUSALS && oldest !== undefined) this.#refusals.delete(oldest);
  }

  /** The sizes after an entry is added or, with -1, removed. */
  #sizesAfter({ kind, operation }: Entry, bytes: number, by: 1 | -1 = 1): Sizes {
    const add = (size: JournalSize): JournalSize => ({
      entries: size.entries + by,
      bytes: size.bytes + by * bytes,
      sessions: size.sessions + (kind === 'create' ? by : 0),
    });
    return { total: add(this.#total), ofOwner: add(this.#owners.get(operation.owner) ?? EMPTY) };
  }

  #setSizes(owner: string, { total, ofOwner }: Sizes): void {
    this.#total = total;
    if (ofOwner.entries === 0) this.#owners.delete(owner);
    else this.#owners.set(owner, ofOwner);
  }
}

const exceeds = (size: JournalSize, { entries, bytes }: { entries: number; bytes: number }): boolean =>
  size.entries > entries || size.bytes > bytes;
