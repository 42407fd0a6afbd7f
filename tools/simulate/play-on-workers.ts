import type { Counts } from '../../functions/test/simulation/coverage.ts';
import { playOn, startWorker } from '../../functions/test/simulation/play-in-worker.ts';
import type { Broken } from '../../functions/test/simulation/play-seeds.ts';

/** The number of runs that a worker plays at a time. */
const RUNS_PER_BLOCK = 100;

type Options = {
  seeds: number;
  seed: number;
  erasing: boolean;
  workers: number;
  onPlayed(counts: Counts): void;
};

/** Plays all runs, or until one breaks a promise, and returns what the workers have found by then. */
export const playOnWorkers = async ({
  seeds,
  seed,
  erasing,
  workers,
  onPlayed,
}: Options): Promise<Broken[]> => {
  const blocks = Array.from({ length: Math.ceil(seeds / RUNS_PER_BLOCK) }, (_, index) => ({
    seed: seed + index,
    erasing,
    runs: Math.min(RUNS_PER_BLOCK, seeds - index * RUNS_PER_BLOCK),
  }));
  const broken: Broken[] = [];

  const work = async (): Promise<void> => {
    const worker = startWorker();
    try {
      for (let block = blocks.shift(); block && broken.length === 0; block = blocks.shift()) {
        const played = await playOn(worker, block);
        onPlayed(played.counts);
        if (played.broken) broken.push(played.broken);
      }
    } finally {
      await worker.terminate();
    }
  };

  await Promise.all(Array.from({ length: workers }, work));
  return broken;
};
