import { parentPort } from 'node:worker_threads';
import fc from 'fast-check';
import { anyScenario } from './any-scenario.ts';
import { Coverage } from './coverage.ts';
import { ERASURE_MUTANTS } from './mutants/erasure-mutants.ts';
import { MUTANTS } from './mutants.ts';
import type { Block, BlockPlayed, Steps } from './play-in-worker.ts';
import { playSeeds } from './play-seeds.ts';
import { simulate } from './simulate.ts';

const play = async ({ mutant, ...block }: Block): Promise<BlockPlayed> => {
  const { tally, broken } = await playSeeds({ ...block, ...(mutant !== undefined && mutantNamed(mutant)) });
  return { counts: tally.counts, broken };
};

const mutantNamed = (name: string) => {
  const mutant = { ...MUTANTS, ...ERASURE_MUTANTS }[name];
  if (!mutant) throw new Error(`there is no mutant "${name}"`);
  return { variant: mutant.variant, sought: mutant.shows };
};

const listSteps = async ({ seed, runs }: Steps): Promise<string[][]> => {
  const lists: string[][] = [];
  for (const scenario of fc.sample(anyScenario, { seed, numRuns: runs })) {
    const steps: string[] = [];
    await simulate(scenario, { tally: new Coverage(), write: (step) => steps.push(step) });
    // The name of a journal is random.
    lists.push(steps.map((step) => step.replace(/"held_by":"[^"]+"/g, '')));
  }
  return lists;
};

parentPort?.on('message', async (task: Block | Steps) => {
  parentPort?.postMessage('steps' in task ? await listSteps(task) : await play(task));
});
