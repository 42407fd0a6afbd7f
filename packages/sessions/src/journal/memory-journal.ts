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

const NOTHING: JournalSize = { entries: 0, bytes: 0, sessions: 0 };

type Held = { entry: Entry; bytes: number; digest: string };
type Sizes = { total: JournalSize; ofOwner: JournalSize };
type Waiting = { line: SessionKey; held: Held[] };

/** A {@link Journal} in the memory of the instance: as lasting as that. */
export class MemoryJournal implements Journal {
  readonly #bounds: JournalBounds;
  readonly #name = randomUUID();
  readonly #lines = new Map<string, Waiting>();
  /** What waits under an id of an owner. */
  readonly #ids = new Map<string, Held>();
  readonly #refused = new Map<string, RefusalReason>();
  readonly #owners = new Map<string, JournalSize>();
  #total = NOTHING;

  constructor(bounds: JournalBounds) {
    this.#bounds = bounds;
  }

  get isKnownEmpty(): boolean {
    return this.#lines.size === 0;
  }

  async accept(entry: Entry): Promise<AcceptResult> {
    const digest = operationDigest(entry.operation);
    if (this.#holds(entry, digest)) return { held_by: this.#name, isNew: false };
    const bytes = entryBytes(entry);
    const after = this.#after(entry, bytes);
    const { perOwner = this.#bounds } = this.#bounds;
    if (exceeds(after.total, this.#bounds) || exceeds(after.ofOwner, perOwner))
      throw journalFullError(this.#bounds);
    const held = { entry: structuredClone(entry), bytes, digest };
    const line = sessionKey(entry.operation);
    const waiting = this.#lines.get(keyName(line)) ?? { line, held: [] };
    if (entry.kind === 'create') waiting.held.unshift(held);
    else waiting.held.push(held);
    this.#lines.set(keyName(line), waiting);
    for (const id of ownedIds(entry)) this.#ids.set(id, held);
    this.#keep(line.owner, after);
    return { held_by: this.#name, isNew: true };
  }

  async next(line: SessionKey): Promise<Entry | null> {
    return this.#lines.get(keyName(line))?.held[0]?.entry ?? null;
  }

  async pending(line: SessionKey): Promise<readonly Entry[]> {
    return this.#lines.get(keyName(line))?.held.map(({ entry }) => entry) ?? [];
  }

  async pendingSessions(limit: number): Promise<SessionKey[]> {
    return [...this.#lines.values()].slice(0, limit).map(({ line }) => ({ ...line }));
  }

  async remove(line: SessionKey, entry_id: string): Promise<boolean> {
    return this.#take(line, entry_id) !== null;
  }

  async refuse(line: SessionKey, entry_id: string, reason: RefusalReason): Promise<boolean> {
    const held = this.#take(line, entry_id);
    if (!held) return false;
    this.#remember(held.digest, reason);
    return true;
  }

  async removeOwner(owner: string): Promise<number> {
    const { entries } = this.#owners.get(owner) ?? NOTHING;
    for (const { line, held } of this.#lines.values())
      if (line.owner === owner) for (const { entry } of [...held]) this.#take(line, entry.entry_id);
    return entries;
  }

  async refusal(operation: CreateOperation | AppendOperation): Promise<RefusalReason | null> {
    return this.#refused.get(operationDigest(operation)) ?? null;
  }

  async size() {
    return { ...this.#total };
  }

  /** @throws SessionError `already-exists` where an id waits with something else */
  #holds(entry: Entry, digest: string): boolean {
    const found = ownedIds(entry).flatMap((id) => this.#ids.get(id) ?? []);
    if (found.some((held) => held.digest !== digest)) throw messageIdTakenError();
    return found.length > 0;
  }

  #take(line: SessionKey, entry_id: string): Held | null {
    const waiting = this.#lines.get(keyName(line));
    const first = waiting?.held[0];
    if (!waiting || first?.entry.entry_id !== entry_id) return null;
    waiting.held.shift();
    if (waiting.held.length === 0) this.#lines.delete(keyName(line));
    for (const id of ownedIds(first.entry)) this.#ids.delete(id);
    this.#keep(line.owner, this.#after(first.entry, first.bytes, -1));
    return first;
  }

  #remember(key: string, reason: RefusalReason): void {
    this.#refused.delete(key);
    this.#refused.set(key, reason);
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > MAX_REFUSALS && oldest !== undefined) this.#refused.delete(oldest);
  }

  /** The sizes once this entry is held or, by -1, has left. */
  #after({ kind, operation }: Entry, bytes: number, by: 1 | -1 = 1): Sizes {
    const plus = (size: JournalSize): JournalSize => ({
      entries: size.entries + by,
      bytes: size.bytes + by * bytes,
      sessions: size.sessions + (kind === 'create' ? by : 0),
    });
    return { total: plus(this.#total), ofOwner: plus(this.#owners.get(operation.owner) ?? NOTHING) };
  }

  #keep(owner: string, { total, ofOwner }: Sizes): void {
    this.#total = total;
    if (ofOwner.entries === 0) this.#owners.delete(owner);
    else this.#owners.set(owner, ofOwner);
  }
}

const exceeds = (size: JournalSize, { entries, bytes }: { entries: number; bytes: number }): boolean =>
  size.entries > entries || size.bytes > bytes;
