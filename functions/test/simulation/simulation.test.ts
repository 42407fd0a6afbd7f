import assert from 'node:assert/strict';
import fc from 'fast-check';
import { anyScenario } from './any-scenario.ts';
import { Coverage } from './coverage.ts';
import { MUTANTS } from './mutants.ts';
import { playSeeds } from './play-seeds.ts';
import type { Scenario } from './scenario.ts';
import { simulate } from './simulate.ts';

/** More: `npm run simulate`. */
const RUNS = 400;
/** The same runs every time: what new ones find is looked for on purpose, not met by who changes something else. */
const SEED = 2000;
const RUNS_FOR_BROKEN = 1000;

describe('sessions in a simulation of faults', () => {
  it('keep every promise in every random run', async () => {
    const { tally, broken } = await playSeeds({ seed: SEED, runs: RUNS });
    assert.deepEqual(broken, null);
    for (const line of tally.lines()) console.log(`      ${line}`);
    assert.equal(tally.count('runs', 'finished'), RUNS);
  }).timeout(0);

  it('repeat a run step by step', async () => {
    const play = async (given: Scenario) => {
      const steps: string[] = [];
      await simulate(given, { tally: new Coverage(), write: (step) => steps.push(step) });
      return steps.map((step) => step.replace(/"held_by":"[^"]+"/g, ''));
    };
    for (const given of fc.sample(anyScenario, { seed: SEED, numRuns: 10 }))
      assert.deepEqual(await play(given), await play(given));
  }).timeout(0);

  for (const [name, { variant, shows }] of Object.entries(MUTANTS)) {
    it(`are caught where ${name}`, async () => {
      const { broken } = await playSeeds({ seed: SEED, runs: RUNS_FOR_BROKEN, variant, sought: shows });
      assert.ok(broken, `not caught in ${RUNS_FOR_BROKEN} runs`);
      console.log(`      caught in run ${broken.run}`);
      // None: a run that is given up would leave its virtual time to the tests behind it.
    }).timeout(0);
  }
});
