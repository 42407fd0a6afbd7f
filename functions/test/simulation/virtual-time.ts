import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import { setTimeoutHandler } from '@google-cloud/firestore/build/src/backoff.js';

type Timer = { at: number; order: number; run(): void };

/** A clock that stands still until it is moved, and the timers that hang on it. */
export class VirtualTime {
  #now: number;
  #set = 0;
  readonly #timers = new Set<Timer>();

  /** @param now milliseconds since 1970 */
  constructor(now: number) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  /** As Node's: after a whole number of milliseconds, and one at least. */
  set(run: () => void, ms: number): Timer {
    const timer = { at: this.#now + Math.max(1, Math.ceil(ms)), order: this.#set++, run };
    this.#timers.add(timer);
    return timer;
  }

  clear(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  readonly sleep = (ms: number): Promise<void> => new Promise((resolve) => this.set(resolve, ms));

  /** Moves on by `ms`, or only to the first timer on the way, which it runs: true if there was one. */
  advance(ms: number): boolean {
    const next = this.#next();
    if (next && next.at <= this.#now + ms) return this.#run(next);
    this.#now += ms;
    return false;
  }

  /** Moves on to the next timer, however far that is; false if there is none. */
  skip(): boolean {
    const next = this.#next();
    return next !== undefined && this.#run(next);
  }

  #run(timer: Timer): true {
    this.#now = Math.max(this.#now, timer.at);
    this.#timers.delete(timer);
    timer.run();
    return true;
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    return next;
  }
}

/**
 * Runs `work` while this process has no other clock, timers and chance than these: neither has any library in it, the
 * client library of Firestore included, whose own hook for tests is used.
 */
export const withVirtualTime = async <Result>(
  time: VirtualTime,
  random: () => number,
  work: () => Promise<Result>,
): Promise<Result> => {
  const { setTimeout, clearTimeout } = globalThis;
  const { now } = Date;
  const { now: passed } = performance;
  const { random: chance } = Math;
  const { setTimeout: pause } = timers;
  const set = (run: (...values: unknown[]) => void, ms = 0, ...values: unknown[]) =>
    time.set(() => run(...values), ms);
  Object.assign(globalThis, { setTimeout: set, clearTimeout: (timer: unknown) => time.clear(timer) });
  Object.assign(timers, { setTimeout: (ms = 0) => time.sleep(ms) });
  Object.assign(Date, { now: time.now });
  Object.assign(performance, { now: time.now });
  Object.assign(Math, { random });
  setTimeoutHandler(set);
  // Names that were imported from a module of Node follow it only then.
  syncBuiltinESMExports();
  try {
    return await work();
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
    Object.assign(timers, { setTimeout: pause });
    Object.assign(Date, { now });
    Object.assign(performance, { now: passed });
    Object.assign(Math, { random: chance });
    setTimeoutHandler(setTimeout);
    syncBuiltinESMExports();
  }
};
