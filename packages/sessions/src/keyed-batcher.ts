import { AsyncLocalStorage } from 'node:async_hooks';

/** A piece of work that waits in the queue of its key. */
type Pending<Work, Result> = {
  work: Work;
  resolve(result: Result): void;
  reject(error: unknown): void;
  /** Runs a function in the async context of the caller. The cost of a batch belongs to its first caller. */
  inContext<Answer>(run: () => Answer): Answer;
};

/**
 * A keyed batch queue. Work for a key that arrives while a batch of that key runs waits, and then runs as one batch, in
 * order, by one call of `run`. So the callers of one key inside an instance never race each other.
 */
export class KeyedBatcher<Work, Result> {
  readonly #queues = new Map<string, Pending<Work, Result>[]>();
  readonly #run: (key: string, works: Work[]) => Promise<Result[]>;
  readonly #weight: (work: Work) => number;

  /**
   * @param run runs a batch; returns a result for each piece of work, in their order
   * @param weight the share of a batch that a piece of work takes. The weights of a batch add up to at most 1, unless it
   * has one piece of work.
   */
  constructor(run: (key: string, works: Work[]) => Promise<Result[]>, weight: (work: Work) => number) {
    this.#run = run;
    this.#weight = weight;
  }

  /** Adds work to the queue of a key. Rejects with the error of the batch. */
  enqueue(key: string, work: Work): Promise<Result> {
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(key);
      if (queue) {
        queue.push({ work, resolve, reject, inContext: AsyncLocalStorage.snapshot() });
        return;
      }
      // The first batch starts here, so it runs in the context of its caller.
      const newQueue = [{ work, resolve, reject, inContext: callDirectly }];
      this.#queues.set(key, newQueue);
      void this.#drain(key, newQueue);
    });
  }

  async #drain(key: string, queue: Pending<Work, Result>[]): Promise<void> {
    while (queue.length > 0) {
      const batch = this.#takeBatch(queue);
      try {
        const works = batch.map(({ work }) => work);
        const run = () => this.#run(key, works);
        const results = await (batch[0]?.inContext(run) ?? run());
        for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#queues.delete(key);
  }

  #takeBatch(queue: Pending<Work, Result>[]): Pending<Work, Result>[] {
    let weight = 0;
    let count = 0;
    for (const { work } of queue) {
      weight += this.#weight(work);
      if (weight > 1 && count > 0) break;
      count += 1;
    }
    return queue.splice(0, count);
  }
}

const callDirectly = <Answer>(run: () => Answer): Answer => run();
