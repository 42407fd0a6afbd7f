import type { Clock } from '../clock.ts';
import {
  type Entry,
  type Journal,
  keyName,
  type RefusalReason,
  type SessionKey,
} from '../journal/journal.ts';
import type { SessionStore } from '../session-store.ts';
import type { BreakerState } from './circuit-breaker-store.ts';
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

export type Primary = SessionStore & { readonly state: BreakerState };

type Outcome = { kind: 'durable' } | ReplayDecision;

/** How long one call replays for, in milliseconds. What is left then waits for later calls. */
const BUDGET_MS = 250;
/** Lines that one sweep takes on, and how many of them at a time: a primary that is just back is not to be run over. */
const LINES_PER_SWEEP = 100;
const LINES_AT_ONCE = 8;
/** A line whose next entry has to wait is left alone by sweeps for so long, and after each try for twice as long. */
const PAUSE_MS = 1000;
const MAX_PAUSE_MS = 64_000;
const MAX_HOPS = 20;

type Waited = { owner: string; entry_id: string; tried: RetryState; at: number; pauseMs: number };

export type ReplayerOptions = {
  primary: Primary;
  journal: Journal;
  clock: Clock;
  /** How long an entry waits for a session that the primary does not know, in milliseconds. */
  gracePeriodMs: number;
  results: ReplayResults;
  /** An entry has left the journal: the primary has it, or will never take it. */
  onSettled(outcome: 'durable' | RefusalReason): void;
};

/**
 * Applies what waits in the journal to the primary: each line in its order, one entry at a time, so that an entry is
 * offered only once those before it are durable or refused. Every operation is idempotent, so instances that replay
 * the same line at once do no harm.
 */
export class Replayer {
  readonly #options: ReplayerOptions;
  readonly #running = new Map<string, Promise<boolean>>();
  readonly #tried = new Map<string, Waited>();
  #isSweeping = false;
  #storedAt: number | null = null;
  #awayAt = Number.NEGATIVE_INFINITY;

  constructor(options: ReplayerOptions) {
    this.#options = options;
  }

  /**
   * Replays a line until nothing waits on it, its next entry has to wait, or {@link BUDGET_MS} are over. False if the
   * primary failed.
   */
  replay(line: SessionKey): Promise<boolean> {
    const name = keyName(line);
    const running = this.#running.get(name) ?? this.#run(line).finally(() => this.#running.delete(name));
    this.#running.set(name, running);
    return running;
  }

  /** To be told whenever the primary has stored something: then it takes writes. */
  noteWrite(): void {
    this.#storedAt = this.#options.clock();
  }

  /** To be told of every call: what waits for a session that is unknown, or for room, waits while the primary is there, or neither could come. */
  noteCall(): void {
    if (this.#options.primary.state !== 'closed') this.#awayAt = this.#options.clock();
  }

  evict(owners: ReadonlySet<string>): void {
    for (const [name, { owner }] of this.#tried) if (owners.has(owner)) this.#tried.delete(name);
  }

  isReplaying(line: SessionKey): boolean {
    return this.#running.has(keyName(line));
  }

  /** Whether {@link sweep} would find nothing to do. */
  get isIdle(): boolean {
    return this.#options.journal.isKnownEmpty && this.#tried.size === 0;
  }

  /** Replays lines, of those that have waited longest, unless the primary is away or a sweep is under way. */
  async sweep(): Promise<void> {
    if (this.#isSweeping || this.#options.primary.state !== 'closed') return;
    this.#isSweeping = true;
    try {
      const due = await this.#due();
      if (due.length === 0) return;
      const lines = due.values();
      const until = this.#options.clock() + BUDGET_MS;
      const work = async (most: number): Promise<boolean> => {
        let done = 0;
        for (const line of lines) {
          if (!(await this.replay(line))) return false;
          done += 1;
          if (done === most || this.#options.clock() >= until || this.#options.primary.state !== 'closed')
            break;
        }
        return true;
      };
      // One goes ahead: several that fail at once would open the breaker for everybody.
      if (await work(1))
        await Promise.all(Array.from({ length: LINES_AT_ONCE }, () => work(LINES_PER_SWEEP)));
    } finally {
      this.#isSweeping = false;
    }
  }

  async #due(): Promise<SessionKey[]> {
    const { journal, clock } = this.#options;
    const lines = await journal.pendingSessions(LINES_PER_SWEEP + this.#tried.size);
    if (lines.length === 0) this.#tried.clear();
    const now = clock();
    const isDue = (line: SessionKey): boolean => {
      const waited = this.#tried.get(keyName(line));
      return !waited || now - waited.at >= waited.pauseMs;
    };
    const due = lines.filter(isDue).slice(0, LINES_PER_SWEEP);
    // Instances that share a journal are not all to begin with the same.
    const first = Math.floor(Math.random() * due.length);
    return [...due.slice(first), ...due.slice(0, first)];
  }

  async #run(line: SessionKey): Promise<boolean> {
    const { journal, clock, onSettled } = this.#options;
    const until = clock() + BUDGET_MS;
    const name = keyName(line);
    let entry = await journal.next(line);
    for (; entry; entry = await journal.next(line)) {
      if (entry.kind === 'broken') {
        if (await journal.refuse(line, entry.entry_id, 'invalid')) onSettled('invalid');
        continue;
      }
      const tried = this.#triedOf(name, entry);
      const outcome = await this.#offer(entry, tried);
      if (outcome.kind === 'wait') {
        this.#remember(name, entry, outcome.tried);
        return outcome.tried.failedAt === tried.failedAt;
      }
      this.#remember(name, entry, carryOver(tried));
      const isRefused = outcome.kind === 'refuse';
      const left = isRefused
        ? await journal.refuse(line, entry.entry_id, outcome.reason)
        : await journal.remove(line, entry.entry_id);
      if (left) onSettled(isRefused ? outcome.reason : 'durable');
      if (clock() >= until) return true;
    }
    this.#tried.delete(name);
    return true;
  }

  #triedOf(name: string, { entry_id }: Entry): RetryState {
    const known = this.#tried.get(name);
    if (!known) return NO_ATTEMPTS;
    return known.entry_id === entry_id ? known.tried : carryOver(known.tried);
  }

  /** A line that failed while the primary took others' calls is left alone for longer and longer. */
  #remember(name: string, { entry_id, operation: { owner } }: Entry, tried: RetryState): void {
    if (tried === NO_ATTEMPTS) {
      this.#tried.delete(name);
      return;
    }
    const before = this.#tried.get(name);
    const known = before?.entry_id === entry_id ? before.pauseMs : 0;
    const isUnavailable = this.#options.primary.state !== 'closed';
    const pauseMs = isUnavailable ? known : Math.min(Math.max(PAUSE_MS, 2 * known), MAX_PAUSE_MS);
    this.#tried.set(name, { owner, entry_id, tried, at: this.#options.clock(), pauseMs });
  }

  async #offer(entry: Entry, before: RetryState): Promise<Outcome> {
    const { clock, gracePeriodMs } = this.#options;
    const tried = this.#sinceThere(before);
    let attempt = firstAttempt(entry, tried, clock(), gracePeriodMs);
    for (let hops = 0; ; hops += 1) {
      try {
        await this.#perform(entry, attempt);
        return { kind: 'durable' };
      } catch (error) {
        const now = clock();
        const plan = planReplay(attempt, error, tried, { now, storedAt: this.#storedAt });
        if (plan.kind !== 'follow') return plan;
        if (hops === MAX_HOPS) return attributeFailure(tried, now, this.#storedAt);
        attempt = plan.attempt;
      }
    }
  }

  #sinceThere(tried: RetryState): RetryState {
    if (tried === NO_ATTEMPTS) return tried;
    const there = (since: number | null) => (since === null ? null : Math.max(since, this.#awayAt));
    return {
      ...tried,
      unknownSince: there(tried.unknownSince),
      overLimitSince: there(tried.overLimitSince),
    };
  }

  /** Its answer is kept under the session that was named, though it may have been sent on to another. */
  async #perform({ operation: { session_id } }: Entry, attempt: Attempt): Promise<void> {
    const { primary, results: answers } = this.#options;
    if (attempt.kind === 'create') await primary.create(attempt.operation);
    else answers.put({ ...attempt.operation, session_id }, await primary.append(attempt.operation));
    this.noteWrite();
  }
}
