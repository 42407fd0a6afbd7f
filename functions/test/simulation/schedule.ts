import { syncBuiltinESMExports } from 'node:module';
import { mock } from 'node:test';
import timers, { setImmediate as quiet } from 'node:timers/promises';
import type fc from 'fast-check';

/** A run takes some hundred; one that takes so many does not come to an end. */
const MAX_TURNS = 20_000;

/** Who goes next, decided by fast-check: everything that a run waits for is a turn of this schedule. */
export class Schedule {
  readonly #scheduler: fc.Scheduler;
  /** How many turns there were: the run's order of events. */
  turns = 0;

  constructor(scheduler: fc.Scheduler) {
    this.#scheduler = scheduler;
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
      if (this.#scheduler.count() === 0)
        throw new Error('does not end: everybody waits and nobody has a turn');
      if (this.turns > MAX_TURNS) throw new Error(`does not end within ${MAX_TURNS} turns`);
      this.turns += 1;
      await this.#scheduler.waitOne();
    }
    return done;
  }
}

/** While `work` runs, every pause is a turn of `schedule`: however short, others may come first. */
export const withPauses = async <Result>(
  schedule: Schedule,
  work: () => Promise<Result>,
): Promise<Result> => {
  const pause = mock.method(timers, 'setTimeout', () => schedule.turn('pause'));
  // Names that were imported from the module follow it only then.
  syncBuiltinESMExports();
  try {
    return await work();
  } finally {
    pause.mock.restore();
    syncBuiltinESMExports();
  }
};
