import { Worker } from 'node:worker_threads';
import type { Counts } from './coverage.ts';
import type { Broken } from './play-seeds.ts';

/** Runs of one seed of fast-check, which differ by their path. */
export type Block = {
  seed: number;
  runs: number;
  /** Whether a user is erased during each run. */
  erasing: boolean;
  /** The name of the mutant to play, and to find. */
  mutant?: string;
  /** The path of the only run to play. */
  path?: string;
};
export type BlockPlayed = { counts: Counts; broken: Broken | null };

/** Asks for the steps of the first runs of a seed. */
export type Steps = { steps: true; seed: number; runs: number };

/** A worker for simulations: they replace the clock, the timers and Math.random of the thread they run on. */
export const startWorker = (): Worker => new Worker(new URL('./worker.ts', import.meta.url));

export const playOn = (worker: Worker, block: Block): Promise<BlockPlayed> => ask(worker, block);

export const stepsOn = (worker: Worker, steps: Omit<Steps, 'steps'>): Promise<string[][]> =>
  ask(worker, { steps: true, ...steps });

const ask = <Answer>(worker: Worker, task: Block | Steps): Promise<Answer> =>
  new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (answer: Answer) => {
      worker.off('error', reject);
      resolve(answer);
    });
    worker.postMessage(task);
  });

/** A worker for the tests of the `describe` that this is called in. A failed test may still occupy its worker. */
export const useWorker = (): (() => Worker) => {
  let worker: Worker;
  before(() => {
    worker = startWorker();
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await worker.terminate();
    worker = startWorker();
  });
  after(() => worker.terminate());
  return () => worker;
};
