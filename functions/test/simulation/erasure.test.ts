import assert from 'node:assert/strict';
import { ERASURE_MUTANTS } from './mutants/erasure-mutants.ts';
import { playSeeds } from './play-seeds.ts';

const RUNS = 200;
/** The same runs every time: what new ones find is looked for on purpose, not met by who changes something else. */
const SEED = 2000;
const RUNS_FOR_BROKEN = 400;

describe('erasure in a simulation of faults', () => {
  it('leaves nothing, lets nothing back, and counts what it deleted, in every random run', async () => {
    const { tally, broken } = await playSeeds({ seed: SEED, runs: RUNS, erasing: true });
    assert.deepEqual(broken, null);
    for (const line of tally.lines().filter((each) => /^(erasures|jobs|runs)/.test(each)))
      console.log(`      ${line}`);
    assert.equal(tally.count('runs', 'finished'), RUNS);
  }).timeout(0);

  for (const [name, { variant, shows }] of Object.entries(ERASURE_MUTANTS)) {
    it(`is caught where ${name}`, async () => {
      const { broken } = await playSeeds({
        seed: SEED,
        runs: RUNS_FOR_BROKEN,
        erasing: true,
        variant,
        sought: shows,
      });
      assert.ok(broken, `not caught in ${RUNS_FOR_BROKEN} runs`);
      console.log(`      caught in run ${broken.run}`);
    }).timeout(0);
  }
});
