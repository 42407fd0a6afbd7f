import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';
import { type RefusalReason, SessionError } from 'kb-sessions-contract/errors';
import { unavailableError } from '../session-errors.ts';
import type { AppendOperation, CreateOperation } from '../session-store.ts';
import {
  type AcceptResult,
  type BrokenEntry,
  type Entry,
  entryBytes,
  type Journal,
  type JournalSize,
  keyName,
  type SessionKey,
} from './journal.ts';

/** For so long a shared journal that failed is not asked again, in milliseconds; then one operation tries. */
const RETRY_AFTER_MS = 1000;

export type TierChange = { state: 'available' } | { state: 'unavailable'; cause: unknown };

export type TieredJournalOptions = {
  /** What instances share; it may be away. */
  shared: Journal;
  /** The instance's local, in its memory. */
  local: Journal;
  /** The shared journal has gone away, or is back. */
  onChange(change: TierChange): void;
};

/**
 * A {@link Journal} made of two: entries wait in the shared one, and in the instance's local memory while that is away.
 *
 * - What a SessionError says is an answer of the shared journal; whatever else it fails with means that it is away.
 * - While the local journal holds entries of a line, later ones follow them there: so those in the shared one come first.
 * - An entry whose acceptance by the shared journal is unclear waits in the local one, and perhaps in both. There it is
 *   one entry, except that {@link size} counts it twice; it is taken off both.
 *
 * Order holds within what one instance has accepted. Not while the shared journal is away: then what waits there is
 * overtaken by what waits here, because it may never come back.
 */
export class TieredJournal implements Journal {
  readonly isKnownEmpty = false;
  readonly #shared: Journal;
  readonly #local: Journal;
  readonly #breaker: CircuitBreakerPolicy;
  /** As it said last, and what it has accepted from here since: for while it is away. */
  #sharedSize: JournalSize = { entries: 0, bytes: 0, sessions: 0 };

  constructor({ shared, local, onChange }: TieredJournalOptions) {
    this.#shared = shared;
    this.#local = local;
    this.#breaker = circuitBreaker(handleWhen(isUnavailable), {
      halfOpenAfter: RETRY_AFTER_MS,
      breaker: new ConsecutiveBreaker(1),
    });
    let isAvailable = true;
    this.#breaker.onBreak((reason) => {
      if (isAvailable) onChange({ state: 'unavailable', cause: 'error' in reason ? reason.error : reason });
      isAvailable = false;
    });
    this.#breaker.onReset(() => {
      isAvailable = true;
      onChange({ state: 'available' });
    });
  }

  async accept(entry: Entry): Promise<AcceptResult> {
    if (await this.#local.next(entry.operation)) return this.#local.accept(entry);
    const accepted = await this.#ask((shared) => shared.accept(entry), null);
    if (accepted?.isNew) this.#sharedSize = withEntry(this.#sharedSize, entry);
    return accepted ?? this.#local.accept(entry);
  }

  async next(line: SessionKey): Promise<Entry | BrokenEntry | null> {
    const local = await this.#local.next(line);
    if (local?.kind === 'create') return local;
    return (await this.#ask((shared) => shared.next(line), null)) ?? local;
  }

  async pending(line: SessionKey): Promise<readonly Entry[]> {
    const first = await this.#ask((shared) => shared.pending(line), []);
    const ids = new Set(first.map(({ entry_id }) => entry_id));
    const local = await this.#local.pending(line);
    const others = local.filter(({ entry_id }) => !ids.has(entry_id));
    const opens = ({ kind }: Entry) => kind === 'create';
    return [...others.filter(opens), ...first, ...others.filter((entry) => !opens(entry))];
  }

  /** Own lines come first: they end with the instance, and no other can see to them. */
  async pendingSessions(limit: number): Promise<SessionKey[]> {
    const local = await this.#local.pendingSessions(limit);
    const names = new Set(local.map(keyName));
    const shared = await this.#ask((journal) => journal.pendingSessions(limit), []);
    return [...local, ...shared.filter((line) => !names.has(keyName(line)))].slice(0, limit);
  }

  remove(line: SessionKey, entry_id: string): Promise<boolean> {
    return this.#fromBoth((journal) => journal.remove(line, entry_id));
  }

  refuse(line: SessionKey, entry_id: string, reason: RefusalReason): Promise<boolean> {
    return this.#fromBoth((journal) => journal.refuse(line, entry_id, reason));
  }

  /** @throws SessionError `unavailable` while the shared journal is away: what it holds of that owner is there still. */
  async removeOwner(owner: string): Promise<number> {
    const local = await this.#local.removeOwner(owner);
    const shared = await this.#ask((journal) => journal.removeOwner(owner), null);
    if (shared === null) throw unavailableError('the shared journal is away');
    return local + shared;
  }

  async refusal(operation: CreateOperation | AppendOperation): Promise<RefusalReason | null> {
    const local = await this.#local.refusal(operation);
    return local ?? this.#ask((shared) => shared.refusal(operation), null);
  }

  async size(): Promise<JournalSize> {
    const local = await this.#local.size();
    this.#sharedSize = await this.#ask((journal) => journal.size(), this.#sharedSize);
    const shared = this.#sharedSize;
    return {
      entries: local.entries + shared.entries,
      bytes: local.bytes + shared.bytes,
      sessions: local.sessions + shared.sessions,
    };
  }

  async #fromBoth(leave: (journal: Journal) => Promise<boolean>): Promise<boolean> {
    const leftShared = await this.#ask(leave, false);
    const leftOwn = await leave(this.#local);
    return leftShared || leftOwn;
  }

  /** The shared journal's answer, or `otherwise` while it is away. What made it so is told by `onChange`. */
  async #ask<Answer>(question: (shared: Journal) => Promise<Answer>, otherwise: Answer): Promise<Answer> {
    // The library would let those that come during a try wait for it.
    if (this.#breaker.state === CircuitState.HalfOpen) return otherwise;
    try {
      return await this.#breaker.execute(() => question(this.#shared));
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      return otherwise;
    }
  }
}

const withEntry = ({ entries, bytes, sessions }: JournalSize, entry: Entry): JournalSize => ({
  entries: entries + 1,
  bytes: bytes + entryBytes(entry),
  sessions: sessions + (entry.kind === 'create' ? 1 : 0),
});

const isUnavailable = (error: unknown): boolean => !(error instanceof SessionError);
