import fc from 'fast-check';
import type { MakeHarness } from '../../src/testing/store-harness.ts';
import { MODEL_LIMITS } from './model-limits.ts';
import { Play } from './play.ts';
import { stepArbitrary } from './step.ts';

/**
 * Plays random steps against a store and the model, each run on a store of its own. A failure names the seed and the
 * shortest steps found that fail. Gives the number of runs, and in a word each what they led to.
 */
export const playRandom = async (
  makeHarness: MakeHarness,
  parameters: Pick<fc.Parameters, 'numRuns' | 'seed'>,
): Promise<{ runs: number; seen: Set<string> }> => {
  const seen = new Set<string>();
  const steps = fc.array(stepArbitrary(MODEL_LIMITS), { maxLength: 60, size: 'max' });
  const details = await fc.check(
    fc.asyncProperty(steps, async (chosen) => {
      const harness = makeHarness(MODEL_LIMITS);
      try {
        const play = new Play(harness);
        for (const step of chosen) await play.play(step);
        await play.settle();
        for (const one of play.seen) seen.add(one);
      } finally {
        await harness.close();
      }
    }),
    parameters,
  );
  if (details.failed && details.counterexample !== null) {
    throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
  }
  return { runs: details.numRuns, seen };
};
