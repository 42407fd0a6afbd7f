import { setImmediate as quiet } from 'node:timers/promises';
import type fc from 'fast-check';
import type { VirtualTime } from './virtual-time.ts';

/** A run takes some thousand; one that takes so many does not come to an end. */
const MAX_TURNS = 50_000;
const TURN_MS = 1;

/**
 * Who goes next, decided by fast-check: everything that a run waits for is a turn of this schedule or a timer. A turn
 * takes a millisecond; when nobody has one, time goes on to the next timer.
 */
export class Schedule {
  readonly #scheduler: fc.Scheduler;
  readonly #time: VirtualTime;
  /** How many turns there were: the run's order of events. */
  turns = 0;

  constructor(scheduler: fc.Scheduler, time: VirtualTime) {
    this.#scheduler = scheduler;
    this.#time = time;
  }

  readonly turn = async (label: string): Promise<void> => {
    await this.#scheduler.schedule(Promise.resolve(), label);
  };

  /** Gives turns until `work` is done, and its result. @throws Error when it can never be. */
  async finish<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    // Seen to below, once it is its turn.
    done.catch(() => {});
    while (true) {
      // Only when all are waiting is it the schedule's choice who goes next.
      await quiet();
      if (isDone) break;
      if (this.turns++ > MAX_TURNS) throw new Error(`does not end within ${MAX_TURNS} turns`);
      if (this.#scheduler.count() === 0) {
        if (!this.#time.skip()) throw new Error('does not end: everybody waits and nobody has a turn');
      } else if (!this.#time.advance(TURN_MS)) {
        await this.#scheduler.waitOne();
      }
    }
    return done;
  }
}
