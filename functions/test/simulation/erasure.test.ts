import assert from 'node:assert/strict';
import { testSize } from 'kb-sessions/internal/testing/test-size';
import { Coverage } from './coverage.ts';
import { findMutants, SEED } from './find-mutants.ts';
import { ERASURE_MUTANTS } from './mutants/erasure-mutants.ts';
import { playOn, useWorker } from './play-in-worker.ts';

const RUNS = testSize({ test: 10, soak: 200 });

describe('the simulation of an erasure', () => {
  const worker = useWorker();

  it('leaves no data, restores no data and counts every deletion in every random run', async () => {
    const { counts, broken } = await playOn(worker(), { seed: SEED, runs: RUNS, erasing: true });
    assert.deepEqual(broken, null);
    const tally = new Coverage();
    tally.addAll(counts);
    for (const line of tally.lines().filter((each) => /^(erasures|jobs|runs)/.test(each)))
      console.log(`      ${line}`);
    assert.equal(tally.count('runs', 'finished'), RUNS);
  });

  findMutants(ERASURE_MUTANTS, { worker, erasing: true });
});
