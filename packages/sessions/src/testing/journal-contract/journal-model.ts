import type { RefusalReason } from 'kb-sessions-contract/errors';
import {
  type Entry,
  entryBytes,
  entryIds,
  type JournalBounds,
  keyName,
  type SessionKey,
} from '../../journal/journal.ts';

/** The promises of a Journal in their simplest form: one list of all pending entries, oldest first. */
export class JournalModel {
  readonly #bounds: JournalBounds;
  #waiting: Entry[] = [];
  /** The names of the session keys with entries. The key that has been pending longest comes first. */
  #lines: string[] = [];
  readonly #refused: Record<string, RefusalReason> = {};

  constructor(bounds: JournalBounds) {
    this.#bounds = bounds;
  }

  accept(entry: Entry): 'new' | 'held' | 'already-exists' | 'unavailable' {
    const others = this.#waiting.filter(
      (held) =>
        held.operation.owner === entry.operation.owner &&
        entryIds(held).some((id) => entryIds(entry).includes(id)),
    );
    if (others.some((held) => JSON.stringify(held) !== JSON.stringify(entry))) return 'already-exists';
    if (others.length > 0) return 'held';
    const after = this.#sizeOf([...this.#waiting, entry]);
    if (after.entries > this.#bounds.entries || after.bytes > this.#bounds.bytes) return 'unavailable';
    const ofOwner = this.#sizeOf(
      [...this.#waiting, entry].filter(({ operation }) => operation.owner === entry.operation.owner),
    );
    const { perOwner = this.#bounds } = this.#bounds;
    if (ofOwner.entries > perOwner.entries || ofOwner.bytes > perOwner.bytes) return 'unavailable';
    if (entry.kind === 'create') this.#waiting.unshift(entry);
    else this.#waiting.push(entry);
    this.#lines = [...new Set([...this.#lines, keyName(entry.operation)])];
    return 'new';
  }

  waiting(line: SessionKey): Entry[] {
    return this.#waiting.filter(({ operation }) => keyName(operation) === keyName(line));
  }

  lines(): string[] {
    return this.#lines;
  }

  takeOff(line: SessionKey, entry_id: string, reason?: RefusalReason): boolean {
    const [first, second] = this.waiting(line);
    if (first?.entry_id !== entry_id) return false;
    this.#waiting = this.#waiting.filter((held) => held !== first);
    if (!second) this.#lines = this.#lines.filter((name) => name !== keyName(line));
    if (reason) this.#refused[contentOf(first.operation)] = reason;
    return true;
  }

  forget(owner: string): number {
    const before = this.#waiting.length;
    this.#waiting = this.#waiting.filter(({ operation }) => operation.owner !== owner);
    const left = this.#waiting.map(({ operation }) => keyName(operation));
    this.#lines = this.#lines.filter((name) => left.includes(name));
    return before - this.#waiting.length;
  }

  refusal(operation: Entry['operation']): RefusalReason | null {
    return this.#refused[contentOf(operation)] ?? null;
  }

  size() {
    return this.#sizeOf(this.#waiting);
  }

  #sizeOf(entries: Entry[]) {
    return {
      entries: entries.length,
      bytes: entries.reduce((sum, entry) => sum + entryBytes(entry), 0),
      sessions: entries.filter(({ kind }) => kind === 'create').length,
    };
  }
}

const contentOf = (operation: Entry['operation']): string =>
  keyName(operation) + JSON.stringify('messages' in operation ? operation.messages : null);
