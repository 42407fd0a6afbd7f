import { SessionError } from 'kb-sessions-contract/errors';
import type { Clock } from '../clock.ts';
import { UserEviction } from '../erasure/evict-user.ts';
import { type ListErasedUsers, TombstonePoller } from '../erasure/tombstone-poller.ts';
import type { Journal, JournalSize, SessionKey } from '../journal/journal.ts';
import type { Limits } from '../limits.ts';
import { isNotFound } from '../session-errors.ts';
import {
  type AppendOperation,
  type AppendResult,
  type CreateOperation,
  type CreateResult,
  type GetOperation,
  type GetResult,
  type HistoryOperation,
  type HistoryPage,
  OPERATION_NAMES,
  type OperationName,
  type SessionStore,
} from '../session-store.ts';
import type { CircuitBreakerStore } from './circuit-breaker-store.ts';
import { DegradedStore } from './degraded-store.ts';
import { type FailoverCounts, type FailoverEvent, FailoverEvents } from './failover-events.ts';
import { Maintenance } from './maintenance.ts';
import { OperationRouter } from './operation-router.ts';
import { newestHistoryPage } from './project-session.ts';
import type { CacheBounds, ReadCache } from './read-cache.ts';
import { ReplayResults } from './replay-results.ts';
import { Replayer } from './replayer.ts';

/** The options of a {@link FailoverStore}. */
export type FailoverStoreOptions = {
  primary: CircuitBreakerStore;
  journal: Journal;
  /** The sessions that the primary returned. Whoever creates the primary puts them in, see {@link ReadCache}. */
  cache: ReadCache;
  limits: Limits;
  /** The time of this instance, in milliseconds. It dates the entries of the journal, and nothing that is durable. */
  clock: Clock;
  /** How long an entry may wait for a session that the primary does not know, in milliseconds. */
  gracePeriodMs: number;
  listErasedUsers: ListErasedUsers;
  /** Reports when the fallback begins, refuses and ends. */
  onEvent(event: FailoverEvent): void;
};

/** The sizes of journal and cache, and what the fallback has done since the instance started. */
export type FailoverState = { journal: JournalSize; cache: CacheBounds; counts: FailoverCounts };

/** The base class of {@link FailoverStore}. It stands for the operations that the static block of the store defines. */
const Operations = class {} as unknown as new () => SessionStore;

/**
 * A {@link SessionStore} made of a primary and a fallback. While the primary is available, it answers. While it is
 * unavailable, the journal and the read cache answer create, get, append and history: writes become pending entries and are
 * answered as `volatile`. All other operations are `unavailable` then. Pending entries are replayed once the primary is
 * available again, and no later write of their session overtakes them.
 *
 * Cost: that of the primary. Replays that a call helps with are not added to its cost.
 *
 * @example
 * ```ts
 * import { FailoverStore, type Limits, ReadCache, withCircuitBreaker } from 'kb-sessions';
 * import { type FirestoreContext, FirestoreStore, listErasedUsers } from 'kb-sessions/firestore';
 * import { MemoryJournal } from 'kb-sessions/memory';
 *
 * export const createStore = (context: FirestoreContext, limits: Limits): FailoverStore => {
 *   const cache = new ReadCache({ sessions: 5000, bytes: 64 * 1024 * 1024 });
 *   const firestore = new FirestoreStore(context, (session) => cache.put(session));
 *   const breaker = { failures: 3, probeAfterMs: 5000, onChange: console.log };
 *   const primary = withCircuitBreaker(firestore, breaker);
 *   return new FailoverStore({
 *     primary,
 *     journal: new MemoryJournal({ entries: 10_000, bytes: 32 * 1024 * 1024 }),
 *     cache,
 *     limits,
 *     clock: Date.now,
 *     gracePeriodMs: 15 * 60_000,
 *     listErasedUsers: (since) => listErasedUsers(context, since),
 *     onEvent: console.log,
 *   });
 * };
 * ```
 */
export class FailoverStore extends Operations {
  static {
    // An operation without a method of its own needs the primary, and waits for the pending entries of its session.
    for (const name of OPERATION_NAMES)
      if (!Object.hasOwn(FailoverStore.prototype, name))
        Object.defineProperty(FailoverStore.prototype, name, {
          value(this: FailoverStore, operation: SessionKey | { session_id?: undefined }) {
            return this.#needPrimary(name, operation);
          },
          configurable: true,
          writable: true,
        });
  }

  override readonly durability = 'durable';
  readonly #primary: CircuitBreakerStore;
  readonly #journal: Journal;
  readonly #cache: ReadCache;
  readonly #degraded: DegradedStore;
  readonly #results = new ReplayResults();
  readonly #events: FailoverEvents;
  readonly #eviction: UserEviction;
  readonly #router: OperationRouter;

  constructor({
    primary,
    journal,
    cache,
    limits,
    clock,
    gracePeriodMs,
    listErasedUsers,
    onEvent,
  }: FailoverStoreOptions) {
    super();
    const results = this.#results;
    const events = new FailoverEvents(clock, onEvent);
    const onSettled = events.settled.bind(events);
    const replayer = new Replayer({ primary, journal, clock, gracePeriodMs, results, onSettled });
    const eviction = new UserEviction({
      journal,
      caches: [cache, results, replayer],
      onEntriesDropped: (entries) => events.settled('erased', entries),
    });
    const evict = (owners: ReadonlySet<string>) => eviction.evictAll(owners);
    const tombstones = new TombstonePoller({ listErasedUsers, evict, clock });
    this.#primary = primary;
    this.#journal = journal;
    this.#cache = cache;
    this.#events = events;
    this.#degraded = new DegradedStore({ journal, cache, limits, clock, events });
    this.#eviction = eviction;
    const maintenance = new Maintenance({ journal, replayer, tombstones, events });
    this.#router = new OperationRouter({ primary, journal, replayer, maintenance });
  }

  override create(operation: CreateOperation): Promise<CreateResult> {
    return this.#router.serve({
      // A creation depends on no pending entry: the entries of its session depend on it.
      session: null,
      write: operation,
      primary: () => this.#primary.create(operation),
      degraded: () => this.#degraded.create(operation),
    });
  }

  override append(operation: AppendOperation): Promise<AppendResult> {
    // A replay opens no successor at first: the session may be unknown only until its pending creation is replayed.
    const primaryOperation = operation.replay ? { ...operation, recover: false } : operation;
    return this.#router.serve({
      session: operation,
      write: operation,
      recall: () => this.#results.find(operation),
      primary: () => this.#primary.append(primaryOperation),
      whilePending: null,
      degraded: () => this.#degraded.append(operation),
    });
  }

  override get(operation: GetOperation): Promise<GetResult> {
    return this.#router.serve({
      session: operation,
      primary: () => this.#primary.get(operation),
      whilePending: () => this.#getWhilePending(operation),
      degraded: () => this.#degraded.get(operation),
      // A pending entry may create the session.
      isProvisional: (error, isPending) => isPending && isNotFound(error),
    });
  }

  override history(operation: HistoryOperation): Promise<HistoryPage> {
    return this.#router.serve({
      session: operation,
      primary: () => this.#primary.history(operation),
      whilePending: () => this.#historyWhilePending(operation),
      degraded: () => this.#degraded.history(operation),
    });
  }

  /** Removes the sessions from the read cache that, as far as it knows, have expired by `now`, in milliseconds. Returns how many. */
  dropExpired(now: number): number {
    return this.#cache.dropExpired(now);
  }

  /**
   * Removes an erased user from the memory of this instance and from its journal, which other instances may share. Returns
   * how many pending operations were dropped. The primary knows the tombstone and stores nothing new for the user.
   *
   * @throws the error of the journal. The memory of the instance is clean then; the journal may not be.
   */
  evictUser(owner: string): Promise<number> {
    return this.#eviction.evict(owner);
  }

  /** @throws the error of the journal */
  async state(): Promise<FailoverState> {
    return { journal: await this.#journal.size(), cache: this.#cache.size, counts: this.#events.counts };
  }

  #needPrimary(name: OperationName, operation: SessionKey | { session_id?: undefined }): Promise<unknown> {
    return this.#router.serve<unknown>({
      session: operation.session_id === undefined ? null : operation,
      primary: () => this.#primary[name](operation as never),
      whilePending: null,
    });
  }

  async #getWhilePending(operation: GetOperation): Promise<GetResult> {
    try {
      return await this.#primary.get({ ...operation, recover: false });
    } catch (error) {
      if (!operation.recover || !hasReason(error, 'expired')) throw error;
      return this.#primary.get(operation);
    }
  }

  async #historyWhilePending(operation: HistoryOperation): Promise<HistoryPage> {
    if (operation.before_seq !== null) return this.#primary.history(operation);
    const entries = await this.#journal.pending(operation);
    try {
      const page = await this.#primary.history(operation);
      return { ...page, ...newestHistoryPage(page.messages, entries, operation) };
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return this.#degraded.history(operation);
    }
  }
}

const hasReason = (error: unknown, reason: string): boolean =>
  error instanceof SessionError && error.details.reason === reason;
