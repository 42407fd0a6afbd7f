import type { Clock } from '../clock.ts';
import {
  type Entry,
  type Journal,
  keyName,
  type RefusalReason,
  type SessionKey,
} from '../journal/journal.ts';
import type { CircuitBreakerStore } from './circuit-breaker-store.ts';
import {
  type Attempt,
  attributeFailure,
  carryOver,
  firstAttempt,
  NO_ATTEMPTS,
  planReplay,
  type ReplayDecision,
  type RetryState,
} from './replay-policy.ts';
import type { ReplayResults } from './replay-results.ts';
import { ReplaySchedule } from './replay-schedule.ts';

/** How long one call replays, in milliseconds. Later calls replay the rest. */
const BUDGET_MS = 250;
/** How many session keys one sweep replays, and how many at the same time: a primary that has just recovered needs little load. */
const KEYS_PER_SWEEP = 100;
const PARALLEL_KEYS = 8;
/** How many successors one replay follows. */
const MAX_LINKS = 20;

/** The options of a {@link Replayer}. */
export type ReplayerOptions = {
  primary: CircuitBreakerStore;
  journal: Journal;
  clock: Clock;
  /** How long an entry waits for a session that the primary does not know, in milliseconds. */
  gracePeriodMs: number;
  results: ReplayResults;
  /** Reports that an entry has left the journal: the primary has stored it, or will never store it. */
  onSettled(outcome: 'durable' | RefusalReason): void;
};

/**
 * Replays the entries of the journal to the primary: in order within a session key, one at a time, so that an entry follows
 * only after the earlier ones are durable or refused. Every operation is idempotent, so several instances may replay the
 * same session key at the same time.
 */
export class Replayer {
  readonly #options: ReplayerOptions;
  readonly #running = new Map<string, Promise<boolean>>();
  readonly #schedule = new ReplaySchedule();
  #isSweeping = false;
  #storedAt: number | null = null;
  #unavailableAt = Number.NEGATIVE_INFINITY;

  constructor(options: ReplayerOptions) {
    this.#options = options;
  }

  /** Records that the primary has stored a write, so it accepts writes. */
  noteWrite(): void {
    this.#storedAt = this.#options.clock();
  }

  /**
   * Records the state of the primary; every call does that. The grace periods run only while the primary is available:
   * during an outage neither an unknown session can appear nor a user end a session.
   */
  noteCall(): void {
    if (!this.#isPrimaryAvailable) this.#unavailableAt = this.#options.clock();
  }

  /** Removes users from memory. */
  evict(owners: ReadonlySet<string>): void {
    this.#schedule.evict(owners);
  }

  /** Whether {@link sweep} would find nothing to do. */
  get isIdle(): boolean {
    return this.#options.journal.isKnownEmpty && this.#schedule.size === 0;
  }

  isReplaying(key: SessionKey): boolean {
    return this.#running.has(keyName(key));
  }

  /**
   * Replays the entries of a session key until none is pending, the next one has to wait, or {@link BUDGET_MS} have passed.
   * Resolves to false if the primary failed.
   *
   * @throws the error of the journal
   */
  replay(key: SessionKey): Promise<boolean> {
    const name = keyName(key);
    const running = this.#running.get(name) ?? this.#run(key).finally(() => this.#running.delete(name));
    this.#running.set(name, running);
    return running;
  }

  /**
   * Replays the session keys that have been pending longest. Does nothing while the primary is unavailable or another sweep
   * runs.
   *
   * @throws the error of the journal
   */
  async sweep(): Promise<void> {
    if (this.#isSweeping || !this.#isPrimaryAvailable) return;
    this.#isSweeping = true;
    try {
      const due = await this.#dueKeys();
      if (due.length === 0) return;
      const keys = due.values();
      const until = this.#options.clock() + BUDGET_MS;
      const work = async (maxKeys: number): Promise<boolean> => {
        let count = 0;
        for (const key of keys) {
          if (!(await this.replay(key))) return false;
          count += 1;
          if (count === maxKeys || this.#options.clock() >= until || !this.#isPrimaryAvailable) break;
        }
        return true;
      };
      // The first one runs alone: several failures at the same time would open the circuit breaker for all calls.
      if (await work(1)) await Promise.all(Array.from({ length: PARALLEL_KEYS }, () => work(KEYS_PER_SWEEP)));
    } finally {
      this.#isSweeping = false;
    }
  }

  get #isPrimaryAvailable(): boolean {
    return this.#options.primary.state === 'closed';
  }

  async #dueKeys(): Promise<SessionKey[]> {
    const { journal, clock } = this.#options;
    const pending = await journal.pendingSessions(KEYS_PER_SWEEP + this.#schedule.size);
    if (pending.length === 0) this.#schedule.clear();
    const now = clock();
    const due = pending.filter((key) => this.#schedule.isDue(key, now)).slice(0, KEYS_PER_SWEEP);
    // Instances that share a journal start with different keys.
    const first = Math.floor(Math.random() * due.length);
    return [...due.slice(first), ...due.slice(0, first)];
  }

  async #run(key: SessionKey): Promise<boolean> {
    const { journal, clock, onSettled } = this.#options;
    const until = clock() + BUDGET_MS;
    let entry = await journal.next(key);
    for (; entry; entry = await journal.next(key)) {
      if (entry.kind === 'broken') {
        if (await journal.refuse(key, entry.entry_id, 'invalid')) onSettled('invalid');
        continue;
      }
      const retry = this.#schedule.retryStateOf(key, entry);
      const decision = await this.#attempt(entry, retry);
      if (decision?.kind === 'wait') {
        this.#record(key, entry, decision.retry);
        return decision.retry.failedAt === retry.failedAt;
      }
      this.#record(key, entry, carryOver(retry));
      const isRemoved = decision
        ? await journal.refuse(key, entry.entry_id, decision.reason)
        : await journal.remove(key, entry.entry_id);
      if (isRemoved) onSettled(decision ? decision.reason : 'durable');
      if (clock() >= until) return true;
    }
    this.#schedule.delete(key);
    return true;
  }

  #record(key: SessionKey, entry: Entry, retry: RetryState): void {
    const now = this.#options.clock();
    this.#schedule.record(key, entry, retry, { now, isPrimaryAvailable: this.#isPrimaryAvailable });
  }

  /** Replays an entry. Resolves to null once the primary has stored it. */
  async #attempt(entry: Entry, before: RetryState): Promise<ReplayDecision | null> {
    const { clock, gracePeriodMs } = this.#options;
    const retry = this.#withoutOutage(before);
    let attempt = firstAttempt(entry, retry, clock(), gracePeriodMs);
    for (let links = 0; ; links += 1) {
      try {
        await this.#perform(entry, attempt);
        return null;
      } catch (error) {
        const now = clock();
        const plan = planReplay(attempt, error, retry, { now, storedAt: this.#storedAt });
        if (plan.kind !== 'follow') return plan;
        if (links === MAX_LINKS) return attributeFailure(retry, now, this.#storedAt);
        attempt = plan.attempt;
      }
    }
  }

  /** The state with its grace periods restarted at the end of the last outage. */
  #withoutOutage(retry: RetryState): RetryState {
    if (retry === NO_ATTEMPTS) return retry;
    const restart = (since: number | null) => (since === null ? null : Math.max(since, this.#unavailableAt));
    return {
      ...retry,
      unknownSince: restart(retry.unknownSince),
      overLimitSince: restart(retry.overLimitSince),
    };
  }

  /** Keeps the result under the session that the operation named, even if a successor took the messages. */
  async #perform({ operation: { session_id } }: Entry, attempt: Attempt): Promise<void> {
    const { primary, results } = this.#options;
    if (attempt.kind === 'create') await primary.create(attempt.operation);
    else results.put({ ...attempt.operation, session_id }, await primary.append(attempt.operation));
    this.noteWrite();
  }
}
