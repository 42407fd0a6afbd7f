import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BROKEN } from './simulation/broken.ts';
import { scenario } from './simulation/scenario.ts';
import { simulate } from './simulation/simulate.ts';
import { Tally } from './simulation/tally.ts';
import { AS_IT_IS, type Variant } from './simulation/variant.ts';

const RUNS = Number(process.env.SIMULATION_RUNS ?? 1000);
/** The same runs every time: what new ones find is looked for on purpose, not met by who changes something else. */
const SEED = Number(process.env.SIMULATION_SEED ?? 7);
const RUNS_FOR_BROKEN = 500;

const holdsFor = (variant: Variant, tally: Tally) =>
  fc.asyncProperty(scenario, fc.scheduler(), async (given, scheduler) => {
    assert.deepEqual(await simulate(given, scheduler, tally, variant), []);
  });

describe('FirestoreStores in a simulation of faults', () => {
  it('keep every promise in every random run', async () => {
    const tally = new Tally();
    await fc.assert(holdsFor(AS_IT_IS, tally), { seed: SEED, numRuns: RUNS });
    for (const line of tally.lines()) console.log(`      ${line}`);
    assert.equal(tally.count('runs', 'finished'), RUNS);
  }).timeout(0);

  it('repeat a run turn by turn from its seed', async () => {
    const play = async () => {
      const tally = new Tally();
      const reports: unknown[] = [];
      const property = fc.asyncProperty(scenario, fc.scheduler(), async (given, scheduler) => {
        await simulate(given, scheduler, tally);
        reports.push(scheduler.report());
      });
      await fc.assert(property, { seed: 1, numRuns: 10 });
      return { reports, tally: tally.lines() };
    };
    assert.deepEqual(await play(), await play());
  });

  for (const [name, variant] of Object.entries(BROKEN)) {
    it(`are caught where ${name}`, async () => {
      const found = await fc.check(holdsFor(variant, new Tally()), {
        seed: SEED,
        numRuns: RUNS_FOR_BROKEN,
        endOnFailure: true,
      });
      assert.ok(found.failed, `not caught in ${RUNS_FOR_BROKEN} runs`);
      assert.ok(found.errorInstance instanceof assert.AssertionError, String(found.errorInstance));
      console.log(`      caught in run ${found.numRuns}`);
    }).timeout(60_000);
  }
});
