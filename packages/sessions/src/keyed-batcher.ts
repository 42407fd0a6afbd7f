import { AsyncLocalStorage } from 'node:async_hooks';

/** One entry that waits in a lane. */
type Waiting<Work, Result> = {
  work: Work;
  resolve(result: Result): void;
  reject(error: unknown): void;
  /** Runs a function in the context of who waits: what the bundle costs is charged to the first of those in it. */
  inContext<Answer>(run: () => Answer): Answer;
};

/**
 * A lane per key: what is submitted for one key while its lane is busy waits, and then goes out together, in order,
 * as one call of `run`. So inside an instance callers of one session never race each other.
 */
export class KeyedBatcher<Work, Result> {
  readonly #waiting = new Map<string, Waiting<Work, Result>[]>();
  readonly #run: (key: string, works: Work[]) => Promise<Result[]>;
  readonly #weight: (work: Work) => number;

  /** `run` gives a result per work, in their order; works whose weights add up to more than 1 do not go together. */
  constructor(run: (key: string, works: Work[]) => Promise<Result[]>, weight: (work: Work) => number) {
    this.#run = run;
    this.#weight = weight;
  }

  enqueue(key: string, work: Work): Promise<Result> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(key);
      if (waiting) {
        waiting.push({ work, resolve, reject, inContext: AsyncLocalStorage.snapshot() });
        return;
      }
      // It goes out from here, so it is in its context.
      const lane = [{ work, resolve, reject, inContext: here }];
      this.#waiting.set(key, lane);
      void this.#drain(key, lane);
    });
  }

  async #drain(key: string, lane: Waiting<Work, Result>[]): Promise<void> {
    while (lane.length > 0) {
      const together = this.#takeTogether(lane);
      try {
        const works = together.map(({ work }) => work);
        const run = () => this.#run(key, works);
        const results = await (together[0]?.inContext(run) ?? run());
        for (const [index, { resolve }] of together.entries()) resolve(results[index] as Result);
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    this.#waiting.delete(key);
  }

  #takeTogether(lane: Waiting<Work, Result>[]): Waiting<Work, Result>[] {
    let weight = 0;
    let count = 0;
    for (const { work } of lane) {
      weight += this.#weight(work);
      if (weight > 1 && count > 0) break;
      count += 1;
    }
    return lane.splice(0, count);
  }
}

const here = <Answer>(run: () => Answer): Answer => run();
