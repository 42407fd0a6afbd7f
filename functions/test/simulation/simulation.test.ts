import assert from 'node:assert/strict';
import { testSize } from 'kb-sessions/internal/testing/test-size';
import { Coverage } from './coverage.ts';
import { findMutants, SEED } from './find-mutants.ts';
import { MUTANTS } from './mutants.ts';
import { playOn, stepsOn, useWorker } from './play-in-worker.ts';

const RUNS = testSize({ test: 20, soak: 400 });

describe('the fault simulation', () => {
  const worker = useWorker();

  it('finds no broken guarantee in any random run', async () => {
    const { counts, broken } = await playOn(worker(), { seed: SEED, runs: RUNS, erasing: false });
    assert.deepEqual(broken, null);
    const tally = new Coverage();
    tally.addAll(counts);
    for (const line of tally.lines()) console.log(`      ${line}`);
    assert.equal(tally.count('runs', 'finished'), RUNS);
  });

  it('repeats the same steps when it repeats a run', async () => {
    const runs = { seed: SEED, runs: testSize({ test: 4, soak: 10 }) };
    assert.deepEqual(await stepsOn(worker(), runs), await stepsOn(worker(), runs));
  });

  findMutants(MUTANTS, { worker, erasing: false });
});
