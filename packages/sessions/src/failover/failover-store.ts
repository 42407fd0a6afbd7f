import { SessionError } from 'kb-sessions-contract/errors';
import type { Clock } from '../clock.ts';
import { UserEviction } from '../erasure/evict-user.ts';
import { type ListErasedUsers, TombstonePoller } from '../erasure/tombstone-poller.ts';
import type { Journal, JournalSize, SessionKey } from '../journal/journal.ts';
import type { Limits } from '../limits.ts';
import { type OperationCost, trackCost } from '../operation-cost.ts';
import { isUnavailable, refusedError, unavailableError } from '../session-errors.ts';
import type {
  AppendOperation,
  CreateOperation,
  EndOperation,
  EscalateOperation,
  FeedbackOperation,
  GetOperation,
  HistoryOperation,
  HistoryPage,
  ListOperation,
  SessionStore,
} from '../session-store.ts';
import { DegradedStore } from './degraded-store.ts';
import { type FailoverCounts, type FailoverEvent, FailoverEvents } from './failover-events.ts';
import { newestHistoryPage } from './project-session.ts';
import type { CacheBounds, ReadCache } from './read-cache.ts';
import { ReplayResults } from './replay-results.ts';
import { type Primary, Replayer } from './replayer.ts';

export type FailoverStoreOptions = {
  primary: Primary;
  journal: Journal;
  /** Whoever makes the primary lets it see what the primary shows. */
  cache: ReadCache;
  limits: Limits;
  /** The time of this instance, in milliseconds: what waits is dated by it, nothing durable is. */
  clock: Clock;
  /** How long what waits for a session that the primary does not know may wait, in milliseconds. */
  gracePeriodMs: number;
  listErasedUsers: ListErasedUsers;
  onEvent(event: FailoverEvent): void;
};

/** How one operation is served. */
type Route<Result> = {
  /** The session whose pending entries go first; null where the operation waits for none. */
  session: SessionKey | null;
  /** The operation itself where it writes: it may be a replay that was refused. */
  write?: CreateOperation | AppendOperation;
  /** The result of an earlier replay of this operation, if there was one. */
  recall?(): Result | null;
  primary(): Promise<Result>;
  /** Asked instead of `primary` while entries of the session are pending; null: the primary is not asked then. */
  whilePending?: (() => Promise<Result>) | null;
  /** Serves the operation while the primary is unavailable; absent: the operation is `unavailable` then. */
  degraded?(): Promise<Result>;
  /** Whether a failure says only that entries are pending. */
  isProvisional?(error: unknown, isPending: boolean): boolean;
};

export type FailoverState = { journal: JournalSize; cache: CacheBounds; counts: FailoverCounts };

/**
 * A {@link SessionStore} made of stores. While the primary is there, it answers. While it is away, create, get, append
 * and history go on from memory: what is written waits in the journal and is answered as `volatile`; the others are
 * `unavailable`. What waits is replayed as soon as the primary answers again, and nothing overtakes it in its session.
 */
export class FailoverStore implements SessionStore {
  readonly durability = 'durable';
  readonly #primary: Primary;
  readonly #journal: Journal;
  readonly #cache: ReadCache;
  readonly #degraded: DegradedStore;
  readonly #replayer: Replayer;
  readonly #results = new ReplayResults();
  readonly #events: FailoverEvents;
  readonly #eviction: UserEviction;
  readonly #tombstones: TombstonePoller;

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
    this.#primary = primary;
    this.#journal = journal;
    this.#cache = cache;
    this.#events = new FailoverEvents(clock, onEvent);
    this.#degraded = new DegradedStore({ journal, cache, limits, clock, events: this.#events });
    const onSettled = this.#events.settled.bind(this.#events);
    this.#replayer = new Replayer({
      primary,
      journal,
      clock,
      gracePeriodMs,
      results: this.#results,
      onSettled,
    });
    this.#eviction = new UserEviction({
      journal,
      caches: [cache, this.#results, this.#replayer],
      onEntriesDropped: (entries) => this.#events.settled('erased', entries),
    });
    this.#tombstones = new TombstonePoller({
      listErasedUsers,
      evict: (owners) => this.#eviction.evictAll(owners),
      clock,
    });
  }

  create(operation: CreateOperation) {
    return this.#route({
      // A creation waits for nothing: the pending entries of its session wait for it.
      session: null,
      write: operation,
      primary: () => this.#primary.create(operation),
      degraded: () => this.#degraded.create(operation),
    });
  }

  append(operation: AppendOperation) {
    // The session may be unknown only until a pending creation is replayed, so a replay opens no successor at first.
    const asked = operation.replay ? { ...operation, recover: false } : operation;
    return this.#route({
      session: operation,
      write: operation,
      recall: () => this.#results.find(operation),
      primary: () => this.#primary.append(asked),
      whilePending: null,
      degraded: () => this.#degraded.append(operation),
    });
  }

  get(operation: GetOperation) {
    return this.#route({
      session: operation,
      primary: () => this.#primary.get(operation),
      whilePending: () => this.#getWhilePending(operation),
      degraded: () => this.#degraded.get(operation),
      // A pending entry may be the session's creation.
      isProvisional: (error, isPending) => isPending && isNotFound(error),
    });
  }

  history(operation: HistoryOperation) {
    return this.#route({
      session: operation,
      primary: () => this.#primary.history(operation),
      whilePending: () => this.#historyWhilePending(operation),
      degraded: () => this.#degraded.history(operation),
    });
  }

  list(operation: ListOperation) {
    return this.#route({ session: null, primary: () => this.#primary.list(operation) });
  }

  end(operation: EndOperation) {
    return this.#route({
      session: operation,
      primary: () => this.#primary.end(operation),
      whilePending: null,
    });
  }

  feedback(operation: FeedbackOperation) {
    return this.#route({
      session: operation,
      primary: () => this.#primary.feedback(operation),
      whilePending: null,
    });
  }

  escalate(operation: EscalateOperation) {
    return this.#route({
      session: operation,
      primary: () => this.#primary.escalate(operation),
      whilePending: null,
    });
  }

  /** Drops sessions from memory that have expired, for all that is known here, by `now` in milliseconds; how many. */
  dropExpired(now: number): number {
    return this.#cache.dropExpired(now);
  }

  /**
   * Forgets whatever this instance, and the journal that it may share, hold of a user who is erased; how many entries
   * that waited. That nothing new is held is for the primary to see to, which knows who is erased.
   * @throws whatever the journal fails with: it may hold something yet, the instance's memory does not
   */
  evictUser(owner: string): Promise<number> {
    return this.#eviction.evict(owner);
  }

  async state(): Promise<FailoverState> {
    return { journal: await this.#journal.size(), cache: this.#cache.size, counts: this.#events.counts };
  }

  /**
   * The one way of every operation: pending entries of its session first, then the primary, then, where the primary is
   * unavailable and the operation can go on without it, the journal and the cache. Every operation that finds the primary
   * available helps to replay: between calls an instance has no CPU.
   */
  async #route<Result>(route: Route<Result>): Promise<Result> {
    const { session, write, recall, primary, whilePending = primary, degraded = null } = route;
    this.#replayer.noteCall();
    const isPending =
      session !== null && !this.#journal.isKnownEmpty && (await this.#isPendingAfterReplay(session));
    const recalled = recall?.() ?? null;
    if (recalled !== null) return recalled;
    const refusal = write?.replay ? await this.#journal.refusal(write) : null;
    const ask = isPending ? whilePending : primary;
    try {
      if (ask === null) throw unavailableError(new Error('writes to this session wait to be replayed first'));
      this.#replayer.noteCall();
      const result = await ask();
      if (write) this.#replayer.noteWrite();
      if (!this.#isTidy) await this.#runMaintenance();
      return result;
    } catch (error) {
      if (ask !== null && !isUnavailable(error) && !this.#isTidy) await this.#runMaintenance();
      // A replayed append of an unknown session waits as long as it would have where it was accepted; but once.
      const waitsForSession = write?.replay && 'messages' in write && isNotFound(error) && refusal === null;
      const isProvisional = waitsForSession || route.isProvisional?.(error, isPending);
      if (degraded === null || !(isUnavailable(error) || isProvisional)) throw error;
      // A refused write may be stored all the same, which the primary alone knows; but it never waits again.
      if (refusal !== null) throw refusedError(refusal);
      return degraded();
    }
  }

  /** Whether entries of the session are still pending once this instance has tried to replay them. */
  async #isPendingAfterReplay(session: SessionKey): Promise<boolean> {
    if ((await this.#journal.next(session)) === null) return false;
    // One call at a time probes whether the primary is back.
    if (this.#primary.state !== 'closed' && this.#replayer.isReplaying(session)) return true;
    await withoutCharge(() => this.#replayer.replay(session));
    return (await this.#journal.next(session)) !== null;
  }

  /** As between outages: asked by every call, and nearly every one may go on at once. */
  get #isTidy(): boolean {
    return !this.#tombstones.isDue && this.#replayer.isIdle && !this.#events.isActive;
  }

  async #runMaintenance(): Promise<void> {
    if (this.#tombstones.isDue) await this.#bestEffort(() => this.#tombstones.poll());
    await this.#bestEffort(async () => {
      await this.#replayer.sweep();
      if (this.#events.isActive && (await this.#journal.size()).entries === 0) this.#events.drained();
    });
  }

  /** For what a call does for others: not charged to it, and its failure is none of the call's. */
  async #bestEffort(work: () => Promise<void>): Promise<void> {
    try {
      await withoutCharge(work);
    } catch (cause) {
      this.#events.stalled(cause);
    }
  }

  async #getWhilePending(operation: GetOperation) {
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

/** What is replayed is not charged to the call that helps. */
const withoutCharge = <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
  const cost: OperationCost = { documents_read: 0, documents_written: 0 };
  return trackCost(cost, work);
};

const isNotFound = (error: unknown): boolean => error instanceof SessionError && error.code === 'not-found';
const hasReason = (error: unknown, reason: string): boolean =>
  error instanceof SessionError && error.details.reason === reason;
