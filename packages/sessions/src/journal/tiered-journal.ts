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

/** How long a shared journal that failed gets no requests, in milliseconds. Then one request probes it. */
const RETRY_AFTER_MS = 1000;

/** The shared journal has become available or unavailable. */
export type TierChange = { state: 'available' } | { state: 'unavailable'; cause: unknown };

/** The options of a {@link TieredJournal}. */
export type TieredJournalOptions = {
  /** The journal that the instances share. It may be unavailable. */
  shared: Journal;
  /** The journal in the memory of this instance. */
  local: Journal;
  /** Reports when the shared journal becomes unavailable, and when it is available again. */
  onChange(change: TierChange): void;
};

/**
 * A {@link Journal} made of two: it holds entries in the shared journal, and in the local one while the shared one is
 * unavailable.
 *
 * - A SessionError of the shared journal is an answer. Any other error means that the shared journal is unavailable.
 * - While the local journal holds entries of a session key, later entries follow them there. So the entries in the shared
 *   journal come first.
 * - An entry that the shared journal may or may not have accepted is held in the local one, and perhaps in both. It counts as
 *   one entry, except that {@link size} counts it twice; it is removed from both.
 *
 * The order of the entries holds for what one instance has accepted. While the shared journal is unavailable, the local
 * entries overtake its entries, because it may never come back.
 *
 * @example
 * ```ts
 * import { type JournalBounds, TieredJournal } from 'kb-sessions';
 * import { MemoryJournal } from 'kb-sessions/memory';
 * import { RedisJournal } from 'kb-sessions/redis';
 *
 * const bounds: JournalBounds = { entries: 10_000, bytes: 32 * 1024 * 1024 };
 * export const journal = new TieredJournal({
 *   shared: RedisJournal.connect('redis://localhost:6379', bounds),
 *   local: new MemoryJournal(bounds),
 *   onChange: (change) => console.log('redis is', change.state),
 * });
 * ```
 */
export class TieredJournal implements Journal {
  readonly isKnownEmpty = false;
  readonly #shared: Journal;
  readonly #local: Journal;
  readonly #breaker: CircuitBreakerPolicy;
  /** The size that the shared journal reported last, plus the entries that it accepted from this instance since. */
  #sharedSize: JournalSize = { entries: 0, bytes: 0, sessions: 0 };

  constructor({ shared, local, onChange }: TieredJournalOptions) {
    this.#shared = shared;
    this.#local = local;
    this.#breaker = circuitBreaker(handleWhen(isJournalUnavailable), {
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
    const accepted = await this.#askShared((shared) => shared.accept(entry), null);
    if (accepted?.isNew) this.#sharedSize = addEntry(this.#sharedSize, entry);
    return accepted ?? this.#local.accept(entry);
  }

  async next(key: SessionKey): Promise<Entry | BrokenEntry | null> {
    const local = await this.#local.next(key);
    if (local?.kind === 'create') return local;
    return (await this.#askShared((shared) => shared.next(key), null)) ?? local;
  }

  async pending(key: SessionKey): Promise<readonly Entry[]> {
    const shared = await this.#askShared((journal) => journal.pending(key), []);
    const sharedIds = new Set(shared.map(({ entry_id }) => entry_id));
    const local = await this.#local.pending(key);
    const onlyLocal = local.filter(({ entry_id }) => !sharedIds.has(entry_id));
    const isCreation = ({ kind }: Entry) => kind === 'create';
    return [...onlyLocal.filter(isCreation), ...shared, ...onlyLocal.filter((entry) => !isCreation(entry))];
  }

  /** Local session keys come first: they are lost with the instance, and no other instance can replay them. */
  async pendingSessions(limit: number): Promise<SessionKey[]> {
    const local = await this.#local.pendingSessions(limit);
    const localNames = new Set(local.map(keyName));
    const shared = await this.#askShared((journal) => journal.pendingSessions(limit), []);
    return [...local, ...shared.filter((key) => !localNames.has(keyName(key)))].slice(0, limit);
  }

  remove(key: SessionKey, entry_id: string): Promise<boolean> {
    return this.#removeFromBoth((journal) => journal.remove(key, entry_id));
  }

  refuse(key: SessionKey, entry_id: string, reason: RefusalReason): Promise<boolean> {
    return this.#removeFromBoth((journal) => journal.refuse(key, entry_id, reason));
  }

  /** @throws SessionError `unavailable` while the shared journal is unavailable: it may still hold entries of the owner */
  async removeOwner(owner: string): Promise<number> {
    const local = await this.#local.removeOwner(owner);
    const shared = await this.#askShared((journal) => journal.removeOwner(owner), null);
    if (shared === null) throw unavailableError('the shared journal is unavailable');
    return local + shared;
  }

  async refusal(operation: CreateOperation | AppendOperation): Promise<RefusalReason | null> {
    const local = await this.#local.refusal(operation);
    return local ?? this.#askShared((shared) => shared.refusal(operation), null);
  }

  async size(): Promise<JournalSize> {
    const local = await this.#local.size();
    this.#sharedSize = await this.#askShared((journal) => journal.size(), this.#sharedSize);
    const shared = this.#sharedSize;
    return {
      entries: local.entries + shared.entries,
      bytes: local.bytes + shared.bytes,
      sessions: local.sessions + shared.sessions,
    };
  }

  async #removeFromBoth(removeFrom: (journal: Journal) => Promise<boolean>): Promise<boolean> {
    const wasShared = await this.#askShared(removeFrom, false);
    const wasLocal = await removeFrom(this.#local);
    return wasShared || wasLocal;
  }

  /** The answer of the shared journal, or `fallback` while it is unavailable. `onChange` reports the cause. */
  async #askShared<Answer>(request: (shared: Journal) => Promise<Answer>, fallback: Answer): Promise<Answer> {
    // cockatiel would make requests during a probe wait for it.
    if (this.#breaker.state === CircuitState.HalfOpen) return fallback;
    try {
      return await this.#breaker.execute(() => request(this.#shared));
    } catch (error) {
      if (!isJournalUnavailable(error)) throw error;
      return fallback;
    }
  }
}

const addEntry = ({ entries, bytes, sessions }: JournalSize, entry: Entry): JournalSize => ({
  entries: entries + 1,
  bytes: bytes + entryBytes(entry),
  sessions: sessions + (entry.kind === 'create' ? 1 : 0),
});

const isJournalUnavailable = (error: unknown): boolean => !(error instanceof SessionError);
