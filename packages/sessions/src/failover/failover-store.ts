import type { Clock } from '../clock.ts';
import { type OperationCost, trackCost } from '../operation-cost.ts';
import { isAway, refusedError, SessionError, unavailableError } from 'kb-sessions-contract/errors';
import type { Limits } from '../limits.ts';
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
import { type ErasedSince, TombstonePoller } from '../erasure/tombstone-poller.ts';
import { type FailoverCounts, type FailoverEvent, FailoverEvents } from './failover-events.ts';
import { UserEviction } from '../erasure/evict-user.ts';
import type { Journal, JournalSize, SessionKey } from '../journal/journal.ts';
import { newestHistoryPage } from './project-session.ts';
import type { CacheBounds, ReadCache } from './read-cache.ts';
import { ReplayResults } from './replay-results.ts';
import { type Primary, Replayer } from './replayer.ts';
import { DegradedStore } from './degraded-store.ts';

export type FailoverOptions = {
  primary: Primary;
  journal: Journal;
  /** Whoever makes the primary lets it see what the primary shows. */
  cache: ReadCache;
  limits: Limits;
  /** The time of this instance, in milliseconds: what waits is dated by it, nothing durable is. */
  clock: Clock;
  /** How long what waits for a session that the primary does not know may wait, in milliseconds. */
  patienceMs: number;
  erasedSince: ErasedSince;
  onEvent(event: FailoverEvent): void;
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
  readonly #standIn: DegradedStore;
  readonly #replayer: Replayer;
  readonly #answers = new ReplayResults();
  readonly #log: FailoverEvents;
  readonly #forgetting: UserEviction;
  readonly #erasures: TombstonePoller;

  constructor({ primary, journal, cache, limits, clock, patienceMs, erasedSince, onEvent }: FailoverOptions) {
    this.#primary = primary;
    this.#journal = journal;
    this.#cache = cache;
    this.#log = new FailoverEvents(clock, onEvent);
    this.#standIn = new DegradedStore({ journal, cache, limits, clock, log: this.#log });
    const onSettled = this.#log.settled.bind(this.#log);
    this.#replayer = new Replayer({ primary, journal, clock, patienceMs, answers: this.#answers, onSettled });
    this.#forgetting = new UserEviction({
      journal,
      memories: [cache, this.#answers, this.#replayer],
      onForgotten: (entries) => this.#log.settled('erased', entries),
    });
    this.#erasures = new TombstonePoller({
      erasedSince,
      forget: (owners) => this.#forgetting.users(owners),
      clock,
    });
  }

  create(operation: CreateOperation) {
    // It waits for nothing: what waits in its session waits for it.
    return this.#write(
      operation,
      () => this.#primary.create(operation),
      () => this.#standIn.create(operation),
    );
  }

  append(operation: AppendOperation) {
    // A session that is unknown here may be known soon: what is replayed opens no successor before it has waited.
    const asked = operation.replay ? { ...operation, recover: false } : operation;
    return this.#afterReplay(operation, (waits) => {
      const replayed = this.#answers.find(operation);
      if (replayed !== null) return Promise.resolve(replayed);
      const durably = waits ? null : () => this.#primary.append(asked);
      return this.#write(operation, durably, () => this.#standIn.append(operation));
    });
  }

  get(operation: GetOperation) {
    return this.#afterReplay(operation, (waits) =>
      this.#orElse(
        // What waits decides whether there is a session, or a successor: the replay opens it, not who looks.
        () => (waits ? this.#getBeforeWaiting(operation) : this.#primary.get(operation)),
        () => this.#standIn.get(operation),
        (error) => waits && isNotFound(error),
      ),
    );
  }

  history(operation: HistoryOperation) {
    return this.#afterReplay(operation, (waits) =>
      this.#orElse(
        () => (waits ? this.#historyBeforeWaiting(operation) : this.#primary.history(operation)),
        () => this.#standIn.history(operation),
      ),
    );
  }

  list(operation: ListOperation) {
    return this.#durably(() => this.#primary.list(operation));
  }

  end(operation: EndOperation) {
    return this.#whenReplayed(operation, () => this.#primary.end(operation));
  }

  feedback(operation: FeedbackOperation) {
    return this.#whenReplayed(operation, () => this.#primary.feedback(operation));
  }

  escalate(operation: EscalateOperation) {
    return this.#whenReplayed(operation, () => this.#primary.escalate(operation));
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
  forget(owner: string): Promise<number> {
    return this.#forgetting.user(owner);
  }

  async state(): Promise<FailoverState> {
    return { journal: await this.#journal.size(), cache: this.#cache.size, counts: this.#log.counts };
  }

  async #write<Answer>(
    operation: CreateOperation | AppendOperation,
    /** Null where something goes before it. */
    durably: (() => Promise<Answer>) | null,
    volatile: () => Promise<Answer>,
  ): Promise<Answer> {
    const refusal = operation.replay ? await this.#journal.refusal(operation) : null;
    const orWait = () => {
      if (refusal !== null) throw refusedError(refusal);
      return volatile();
    };
    if (durably === null) return orWait();
    const storing = async () => {
      const answer = await durably();
      this.#replayer.noteWrite();
      return answer;
    };
    // What is unknown waits here as long as it would have where it was accepted; but once. A creation waits for nothing.
    const mayWait = (error: unknown) =>
      'messages' in operation && operation.replay && isNotFound(error) && refusal === null;
    // One that was refused may be stored all the same, and the primary knows; but it is not to wait once more.
    return this.#orElse(storing, orWait, mayWait);
  }

  /** Nothing overtakes what waits in a session; `waits` says whether something still does. */
  #afterReplay<Answer>(line: SessionKey, work: (waits: boolean) => Promise<Answer>): Promise<Answer> {
    this.#replayer.noteCall();
    return this.#journal.isKnownEmpty ? work(false) : this.#replayedFirst(line, work);
  }

  async #replayedFirst<Answer>(line: SessionKey, work: (waits: boolean) => Promise<Answer>): Promise<Answer> {
    if ((await this.#journal.next(line)) === null) return work(false);
    // One call at a time finds out whether the primary is back.
    if (this.#primary.state !== 'closed' && this.#replayer.isReplaying(line)) return work(true);
    await withoutCharge(() => this.#replayer.replay(line));
    return work((await this.#journal.next(line)) !== null);
  }

  #whenReplayed<Answer>(line: SessionKey, work: () => Promise<Answer>): Promise<Answer> {
    return this.#afterReplay(line, (waits) => (waits ? replayPendingError() : this.#durably(work)));
  }

  /** Between calls an instance has no CPU, so every call that finds the primary there helps to replay what others left. */
  async #durably<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    this.#replayer.noteCall();
    try {
      const answer = await work();
      if (!this.#isTidy) await this.#tidy();
      return answer;
    } catch (error) {
      if (!isAway(error) && !this.#isTidy) await this.#tidy();
      throw error;
    }
  }

  async #orElse<Answer>(
    durably: () => Promise<Answer>,
    volatile: () => Promise<Answer>,
    mayWait: (error: unknown) => boolean = () => false,
  ): Promise<Answer> {
    try {
      return await this.#durably(durably);
    } catch (error) {
      if (isAway(error) || mayWait(error)) return volatile();
      throw error;
    }
  }

  /** As between outages: asked by every call, and nearly every one may go on at once. */
  get #isTidy(): boolean {
    return !this.#erasures.isDue && this.#replayer.isIdle && !this.#log.isActive;
  }

  async #tidy(): Promise<void> {
    if (this.#erasures.isDue) await this.#quietly(() => this.#erasures.poll());
    await this.#quietly(async () => {
      await this.#replayer.sweep();
      if (this.#log.isActive && (await this.#journal.size()).entries === 0) this.#log.emptied();
    });
  }

  /** For what a call does for others: not charged to it, and its failure is none of the call's. */
  async #quietly(work: () => Promise<void>): Promise<void> {
    try {
      await withoutCharge(work);
    } catch (cause) {
      this.#log.stalled(cause);
    }
  }

  async #getBeforeWaiting(operation: GetOperation) {
    try {
      return await this.#primary.get({ ...operation, recover: false });
    } catch (error) {
      if (!operation.recover || !hasReason(error, 'expired')) throw error;
      return this.#primary.get(operation);
    }
  }

  async #historyBeforeWaiting(operation: HistoryOperation): Promise<HistoryPage> {
    if (operation.before_seq !== null) return this.#primary.history(operation);
    const entries = await this.#journal.pending(operation);
    try {
      const page = await this.#primary.history(operation);
      return { ...page, ...newestHistoryPage(page.messages, entries, operation) };
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return this.#standIn.history(operation);
    }
  }
}

/** What is replayed is not charged to the call that helps. */
const withoutCharge = <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
  const cost: OperationCost = { documents_read: 0, documents_written: 0 };
  return trackCost(cost, work);
};

const replayPendingError = (): never => {
  throw unavailableError(new Error('writes to this session wait to be replayed first'));
};

const isNotFound = (error: unknown): boolean => error instanceof SessionError && error.code === 'not-found';
const hasReason = (error: unknown, reason: string): boolean =>
  error instanceof SessionError && error.details.reason === reason;
