import assert from 'node:assert/strict';
import type { Worker } from 'node:worker_threads';
import { testSize } from 'kb-sessions/internal/testing/test-size';
import type { Mutant } from './mutants/mutant.ts';
import { playOn } from './play-in-worker.ts';

/** Every run of `npm test` plays the same scenarios. `npm run simulate` plays new ones. */
export const SEED = 2000;
const MAX_RUNS = 1000;
const PLAYS_ONLY_PINNED = testSize({ test: 1, soak: 0 }) === 1;

/** Tests that the simulation finds each mutant: in the run that it names, or else in any of the first. */
export const findMutants = (
  mutants: Record<string, Mutant>,
  { worker, erasing }: { worker: () => Worker; erasing: boolean },
): void => {
  for (const [name, { run }] of Object.entries(mutants)) {
    it(`finds the mutant: ${name}`, async () => {
      const block = { seed: SEED, runs: MAX_RUNS, erasing, mutant: name };
      if (PLAYS_ONLY_PINNED) {
        const { broken } = await playOn(worker(), { ...block, path: String(run - 1) });
        if (broken) return;
        console.log(`      Run ${run} no longer shows it. Searching for another.`);
      }
      const { broken } = await playOn(worker(), block);
      assert.ok(broken, `no violation in ${MAX_RUNS} runs`);
      console.log(`      found in run ${broken.run}`);
    });
  }
};
