import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { SessionError } from '../errors.ts';
import type { GuardState } from '../guarded-store.ts';
import type { SessionStore } from '../store.ts';
import { type Entry, type Journal, type Line, nameOf, type RefusalReason } from './journal.ts';
import {
  type Attempt,
  afterThat,
  firstAttempt,
  planBlame,
  planReplay,
  type Tried,
  UNTRIED,
  type Verdict,
} from './plan-replay.ts';
import type { ReplayedAnswers } from './replayed-answers.ts';

export type Primary = SessionStore & { readonly state: GuardState };

type Outcome = { kind: 'durable' } | Verdict;

/** How long one call replays for, in milliseconds. What is left then waits for later calls. */
const BUDGET_MS = 500;
/** Lines that one sweep takes on, and how many of them at a time: a primary that is just back is not to be run over. */
const LINES_PER_SWEEP = 100;
const LINES_AT_ONCE = 8;
/** A line whose next entry waits is left alone by sweeps for so long. */
const PAUSE_MS = 1000;
/** Slowness is the primary's own: only what fails within so long can be an entry's fault. */
const QUICK_MS = 500;
const MAX_HOPS = 20;

export type ReplayerOptions = {
  primary: Primary;
  journal: Journal;
  clock: Clock;
  /** How long an entry waits for a session that the primary does not know, in milliseconds. */
  patienceMs: number;
  answers: ReplayedAnswers;
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
  readonly #running = new Map<string, Promise<void>>();
  readonly #tried = new Map<string, { entry_id: string; tried: Tried; at: number }>();
  #isSweeping = false;

  constructor(options: ReplayerOptions) {
    this.#options = options;
  }

  /** Replays a line until nothing waits on it, its next entry has to wait, or {@link BUDGET_MS} are over. */
  replay(line: Line): Promise<void> {
    const name = nameOf(line);
    const running = this.#running.get(name) ?? this.#run(line).finally(() => this.#running.delete(name));
    this.#running.set(name, running);
    return running;
  }

  isReplaying(line: Line): boolean {
    return this.#running.has(nameOf(line));
  }

  /** Replays lines, those that have waited longest first, unless the primary is away or a sweep is under way. */
  async sweep(): Promise<void> {
    if (this.#isSweeping || this.#options.primary.state !== 'closed') return;
    this.#isSweeping = true;
    try {
      const until = this.#options.clock() + BUDGET_MS;
      const lines = (await this.#due()).values();
      const work = async () => {
        for (const line of lines) {
          if (this.#options.clock() >= until || this.#options.primary.state !== 'closed') return;
          await this.replay(line);
        }
      };
      await Promise.all(Array.from({ length: LINES_AT_ONCE }, work));
    } finally {
      this.#isSweeping = false;
    }
  }

  async #due(): Promise<Line[]> {
    const { journal, clock } = this.#options;
    const lines = await journal.lines(LINES_PER_SWEEP + this.#tried.size);
    if (lines.length === 0) this.#tried.clear();
    return lines
      .filter((line) => clock() - (this.#tried.get(nameOf(line))?.at ?? 0) >= PAUSE_MS)
      .slice(0, LINES_PER_SWEEP);
  }

  async #run(line: Line): Promise<void> {
    const { journal, clock, onSettled } = this.#options;
    const until = clock() + BUDGET_MS;
    const name = nameOf(line);
    let entry = await journal.next(line);
    for (; entry; entry = await journal.next(line)) {
      const tried = this.#triedOf(name, entry);
      const outcome = await this.#offer(entry, tried);
      if (outcome.kind === 'wait') return this.#remember(name, entry, outcome.tried);
      this.#remember(name, entry, afterThat(tried));
      const isRefused = outcome.kind === 'refuse';
      const left = isRefused
        ? await journal.refuse(line, entry.entry_id, outcome.reason)
        : await journal.takeOff(line, entry.entry_id);
      if (left) onSettled(isRefused ? outcome.reason : 'durable');
      if (clock() >= until) return;
    }
    this.#tried.delete(name);
  }

  #triedOf(name: string, { entry_id }: Entry): Tried {
    const known = this.#tried.get(name);
    if (!known) return UNTRIED;
    return known.entry_id === entry_id ? known.tried : afterThat(known.tried);
  }

  /** What is not known to be the entry's fault needs no pause: the breaker sees to that. */
  #remember(name: string, { entry_id }: Entry, tried: Tried): void {
    if (tried === UNTRIED) this.#tried.delete(name);
    else this.#tried.set(name, { entry_id, tried, at: this.#options.clock() });
  }

  async #offer(entry: Entry, tried: Tried): Promise<Outcome> {
    const { clock, patienceMs } = this.#options;
    const began = clock();
    let attempt = firstAttempt(entry, tried, began, patienceMs);
    for (let hops = 0; ; hops += 1) {
      try {
        await this.#perform(entry, attempt);
        return { kind: 'durable' };
      } catch (error) {
        const plan = planReplay(attempt, error, tried, clock());
        if (plan.kind === 'doubt') {
          const isThere = clock() - began < QUICK_MS && (await this.#isThere());
          return planBlame(tried, isThere, clock());
        }
        if (plan.kind !== 'follow') return plan;
        if (hops === MAX_HOPS) return planBlame(tried, true, clock());
        attempt = plan.attempt;
      }
    }
  }

  /** Its answer is kept under the session that was named, though it may have been sent on to another. */
  async #perform({ operation: { session_id } }: Entry, attempt: Attempt): Promise<void> {
    const { primary, answers } = this.#options;
    if (attempt.kind === 'create')
      answers.created(attempt.operation, await primary.create(attempt.operation));
    else answers.appended({ ...attempt.operation, session_id }, await primary.append(attempt.operation));
  }

  /** One read, of what cannot be there. */
  async #isThere(): Promise<boolean> {
    const nothing = { owner: '', session_id: randomUUID(), limit: 1, before_seq: null, full: false };
    try {
      await this.#options.primary.history(nothing);
      return true;
    } catch (error) {
      return error instanceof SessionError && error.code === 'not-found';
    }
  }
}
