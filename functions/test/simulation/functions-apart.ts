import {
  countMessage,
  expireSessions,
  type FirestoreSetup,
  reconcileCounters,
} from '../../src/session/index.ts';
import type { Creation } from '../fixtures/documents.ts';
import type { Job } from './scenario.ts';
import type { Schedule } from './schedule.ts';
import type { Tally } from './tally.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How often the trigger is given an event that it failed on. */
const MAX_DELIVERIES = 3;

/** The functions that are deployed apart from the calls: the trigger and the jobs, in the background of a run. */
export class FunctionsApart {
  readonly #setup: FirestoreSetup;
  readonly #schedule: Schedule;
  readonly #time: VirtualTime;
  readonly #tally: Tally;
  readonly #running = new Set<Promise<void>>();

  constructor(setup: FirestoreSetup, schedule: Schedule, time: VirtualTime, tally: Tally) {
    this.#setup = setup;
    this.#schedule = schedule;
    this.#time = time;
    this.#tally = tally;
  }

  /** Gives an event to the trigger after each of these delays, in milliseconds. */
  deliver(creation: Creation, delays: number[]): void {
    for (const ms of delays) this.#begin(this.#trigger(creation, ms));
  }

  /** A scheduled job. What it fails with is for its next run to make good. */
  start(job: Job): void {
    const run = this.run(job, this.#setup);
    this.#begin(
      run.then(
        () => this.#tally.add('jobs', `${job} done`),
        () => this.#tally.add('jobs', `${job} failed`),
      ),
    );
  }

  /** @throws Error where a document could not be seen to */
  async run(job: Job, setup: FirestoreSetup): Promise<void> {
    const until = { deadline: Number.POSITIVE_INFINITY, clock: this.#time.now };
    const { failed, failure } =
      job === 'sweep'
        ? await expireSessions(setup, until)
        : await reconcileCounters(setup, { youngMs: 0, ...until });
    if (failed > 0) throw new Error(`${job} failed for ${failed}`, { cause: failure });
  }

  /** Resolves when nothing runs any more. */
  async done(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #trigger({ message, updateTime }: Creation, ms: number): Promise<void> {
    if (ms > 0) await this.#time.sleep(ms);
    for (let delivery = 0; delivery < MAX_DELIVERIES; delivery += 1) {
      await this.#schedule.turn('event');
      try {
        this.#tally.add('counting', await countMessage(this.#setup, message, updateTime));
        return;
      } catch {
        this.#tally.add('counting', 'failed');
      }
    }
  }

  #begin(work: Promise<void>): void {
    const running = work.finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}
