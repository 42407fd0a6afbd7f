import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Coverage } from '../functions/test/simulation/coverage.ts';
import { commands } from './commands.cjs';
import { playOnWorkers } from './simulate/play-on-workers.ts';
import { replay } from './simulate/replay.ts';
import { runMain } from './support/run-main.ts';
import { UsageError } from './support/user-error.ts';

// npm run simulate: random runs, or one of them again. Exits with 1 if a run broke a promise.

const simulate = async (seeds: number, seed: number, erasing: boolean): Promise<number> => {
  const workers = Math.min(2, availableParallelism());
  console.log(`${seeds} runs from seed ${seed} on ${workers} cores.`);
  const startedAt = performance.now();
  const coverage = new Coverage();
  const broken = await playOnWorkers({
    seeds,
    seed,
    erasing,
    workers,
    onPlayed: (counts) => coverage.addAll(counts),
  });
  const seconds = (performance.now() - startedAt) / 1000;
  for (const line of coverage.lines()) console.log(line);
  const runs = coverage.count('runs', 'finished');
  console.log(`${(runs / seconds).toFixed(1)} runs per second, ${seconds.toFixed(0)} s.`);
  console.log(`${broken.length} violations.`);
  for (const { seed: of, path, scenario, violations } of broken) {
    console.log(`\n${violations.join('\n')}\nThe smallest scenario found:\n${JSON.stringify(scenario)}`);
    console.log(`Step by step: npm run simulate -- ${erasing ? '--erasing ' : ''}--replay ${of}:${path}`);
  }
  return broken.length > 0 ? 1 : 0;
};

const wholeNumber = (option: string, text: string): number => {
  if (!/^\d+$/.test(text)) throw new UsageError(`${option} takes a whole number, found ${text}.`);
  return Number(text);
};

await runMain(async () => {
  const { values } = parseArgs({ options: commands.simulate.options });
  const { erasing } = values;
  if (values.replay !== undefined) return replay(values.replay, erasing);
  const seeds = wholeNumber('--seeds', values.seeds);
  const seed = values.seed === undefined ? Date.now() % 2 ** 31 : wholeNumber('--seed', values.seed);
  return simulate(seeds, seed, erasing);
});
