import {
  countMessage,
  eraseUser,
  expireSessions,
  type FirestoreContext,
  finishErasures,
  reconcileCounters,
} from 'kb-sessions/firestore';
import type { Receipt } from 'kb-sessions-contract/receipt';
import type { Creation } from '../../../packages/sessions/test/fixtures/documents.ts';
import type { Coverage } from './coverage.ts';
import type { Job } from './scenario.ts';
import type { Schedule } from './schedule.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How often the trigger is given an event that it failed on. */
const MAX_DELIVERIES = 3;
/** How long one call erases. */
const ERASING_MS = 30_000;

export type BackgroundOptions = {
  context: FirestoreContext;
  /** Of the journal that all share, if they do: what another instance's memory holds they cannot see. */
  forget(owner: string): Promise<number>;
  schedule: Schedule;
  time: VirtualTime;
  tally: Coverage;
};

/** The functions that are deployed apart from the calls: the trigger and the jobs, in the background of a run. */
export class BackgroundFunctions {
  readonly #context: FirestoreContext;
  readonly #forget: (owner: string) => Promise<number>;
  readonly #schedule: Schedule;
  readonly #time: VirtualTime;
  readonly #tally: Coverage;
  readonly #running = new Set<Promise<void>>();

  constructor({ context, forget, schedule, time, tally }: BackgroundOptions) {
    this.#context = context;
    this.#forget = forget;
    this.#schedule = schedule;
    this.#time = time;
    this.#tally = tally;
  }

  /** Gives an event to the trigger after each of these delays, in milliseconds. */
  deliver(creation: Creation, delays: number[]): void {
    for (const ms of delays) this.begin(() => this.#trigger(creation, ms));
  }

  /** A scheduled job. What it fails with is for its next run to make good. */
  start(job: Job): void {
    this.begin(() =>
      this.run(job, this.#context).then(
        () => this.#tally.add('jobs', `${job} done`),
        () => this.#tally.add('jobs', `${job} failed`),
      ),
    );
  }

  /** @throws Error where a document could not be seen to */
  async run(job: Job, context: FirestoreContext): Promise<void> {
    const until = { deadline: Number.POSITIVE_INFINITY, clock: this.#time.now };
    const jobs = {
      sweep: () => expireSessions(context, until),
      reconcile: () => reconcileCounters(context, { triggerGraceMs: 0, ...until }),
      erasures: () => finishErasures(context, { evict: this.#forget, ...until }),
    };
    const { failed, failure } = await jobs[job]();
    if (failed > 0) throw new Error(`${job} failed for ${failed}`, { cause: failure });
  }

  /** What deleteMyData does. @throws SessionError */
  erase(owner: string, context = this.#context): Promise<Receipt> {
    const until = { deadline: this.#time.now() + ERASING_MS, clock: this.#time.now };
    return eraseUser(context, { owner, evict: this.#forget, ...until });
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
        this.#tally.add('counting', await countMessage(this.#context, message, updateTime));
        return;
      } catch {
        this.#tally.add('counting', 'failed');
      }
    }
  }

  /** Something that goes on in the background. */
  begin(work: () => Promise<void>): void {
    const running = work().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}
