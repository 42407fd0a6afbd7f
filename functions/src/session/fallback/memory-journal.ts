import { randomUUID } from 'node:crypto';
import { idIsTaken, type RefusalReason } from '../errors.ts';
import type { AppendOperation, CreateOperation } from '../store.ts';
import { digestOf } from './digest.ts';
import { isFull } from './is-full.ts';
import {
  type Accepted,
  bytesOf,
  type Entry,
  type Journal,
  type JournalBounds,
  type JournalSize,
  type Line,
  lineOf,
  nameOf,
  ownIdsOf,
  REFUSALS,
} from './journal.ts';

const NOTHING: JournalSize = { entries: 0, bytes: 0, sessions: 0 };

type Held = { entry: Entry; bytes: number };
type Waiting = { line: Line; held: Held[] };

/** A {@link Journal} in the memory of the instance: as lasting as that. */
export class MemoryJournal implements Journal {
  readonly #bounds: JournalBounds;
  readonly #name = randomUUID();
  readonly #lines = new Map<string, Waiting>();
  /** What waits under an id of an owner. */
  readonly #ids = new Map<string, Entry>();
  readonly #refused = new Map<string, RefusalReason>();
  readonly #owners = new Map<string, JournalSize>();
  #total = NOTHING;

  constructor(bounds: JournalBounds) {
    this.#bounds = bounds;
  }

  async accept(entry: Entry): Promise<Accepted> {
    if (this.#holds(entry)) return { held_by: this.#name, isNew: false };
    const bytes = bytesOf(entry);
    const held = { entry: structuredClone(entry), bytes };
    const after = plus(this.#total, held, 1);
    const { owner } = entry.operation;
    const ofOwner = plus(this.#owners.get(owner) ?? NOTHING, held, 1);
    const { perOwner = this.#bounds } = this.#bounds;
    if (exceeds(after, this.#bounds) || exceeds(ofOwner, perOwner)) throw isFull(this.#bounds);
    const line = lineOf(entry.operation);
    const waiting = this.#lines.get(nameOf(line)) ?? { line, held: [] };
    if (entry.kind === 'create') waiting.held.unshift(held);
    else waiting.held.push(held);
    this.#lines.set(nameOf(line), waiting);
    for (const id of ownIdsOf(entry)) this.#ids.set(id, held.entry);
    this.#count(held, 1);
    return { held_by: this.#name, isNew: true };
  }

  async next(line: Line): Promise<Entry | null> {
    return this.#lines.get(nameOf(line))?.held[0]?.entry ?? null;
  }

  async waiting(line: Line): Promise<readonly Entry[]> {
    return this.#lines.get(nameOf(line))?.held.map(({ entry }) => entry) ?? [];
  }

  async lines(limit: number): Promise<Line[]> {
    return [...this.#lines.values()].slice(0, limit).map(({ line }) => ({ ...line }));
  }

  async takeOff(line: Line, entry_id: string): Promise<boolean> {
    return this.#take(line, entry_id) !== null;
  }

  async refuse(line: Line, entry_id: string, reason: RefusalReason): Promise<boolean> {
    const entry = this.#take(line, entry_id);
    if (!entry) return false;
    this.#remember(digestOf(entry.operation), reason);
    return true;
  }

  async refusal(operation: CreateOperation | AppendOperation): Promise<RefusalReason | null> {
    return this.#refused.get(digestOf(operation)) ?? null;
  }

  async size() {
    return { ...this.#total };
  }

  /** @throws SessionError `already-exists` where an id waits with something else */
  #holds(entry: Entry): boolean {
    const found = ownIdsOf(entry).flatMap((id) => this.#ids.get(id) ?? []);
    const digest = digestOf(entry.operation);
    if (found.some(({ operation }) => digestOf(operation) !== digest)) throw idIsTaken();
    return found.length > 0;
  }

  #take(line: Line, entry_id: string): Entry | null {
    const waiting = this.#lines.get(nameOf(line));
    const first = waiting?.held[0];
    if (!waiting || first?.entry.entry_id !== entry_id) return null;
    waiting.held.shift();
    if (waiting.held.length === 0) this.#lines.delete(nameOf(line));
    for (const id of ownIdsOf(first.entry)) this.#ids.delete(id);
    this.#count(first, -1);
    return first.entry;
  }

  #remember(key: string, reason: RefusalReason): void {
    this.#refused.delete(key);
    this.#refused.set(key, reason);
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > REFUSALS && oldest !== undefined) this.#refused.delete(oldest);
  }

  #count(held: Held, by: 1 | -1): void {
    const { owner } = held.entry.operation;
    this.#total = plus(this.#total, held, by);
    const ofOwner = plus(this.#owners.get(owner) ?? NOTHING, held, by);
    if (ofOwner.entries === 0) this.#owners.delete(owner);
    else this.#owners.set(owner, ofOwner);
  }
}

const plus = (size: JournalSize, { entry, bytes }: Held, by: 1 | -1): JournalSize => ({
  entries: size.entries + by,
  bytes: size.bytes + by * bytes,
  sessions: size.sessions + (entry.kind === 'create' ? by : 0),
});

const exceeds = (size: JournalSize, { entries, bytes }: { entries: number; bytes: number }): boolean =>
  size.entries > entries || size.bytes > bytes;
