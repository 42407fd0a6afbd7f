import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Coverage } from '../functions/test/simulation/coverage.ts';
import { playOnWorkers } from './simulate/play-on-workers.ts';
import { replay } from './simulate/replay.ts';
import { runMain } from './support/run-main.ts';

// npm run simulate -- --seeds 10000 [--seed 1]: random runs, all new ones unless --seed says where to begin.
// npm run simulate -- --replay <seed>:<path>: one of them again, step by step. With --erasing a user is erased in the
// midst of each. Exits with 1 if a promise was broken.

const SEEDS = '1000';

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: SEEDS },
      seed: { type: 'string' },
      replay: { type: 'string' },
      erasing: { type: 'boolean', default: false },
    },
  });
  const { erasing } = values;
  if (values.replay !== undefined) return replay(values.replay, erasing);
  const seeds = wholeNumber('--seeds', values.seeds);
  const seed = values.seed === undefined ? Date.now() % 2 ** 31 : wholeNumber('--seed', values.seed);
  return simulate(seeds, seed, erasing);
});

async function simulate(seeds: number, seed: number, erasing: boolean): Promise<number> {
  const workers = Math.min(2, availableParallelism());
  console.log(`${seeds} runs from seed ${seed} on ${workers} cores.`);
  const startedAt = performance.now();
  const tally = new Coverage();
  const broken = await playOnWorkers({
    seeds,
    seed,
    erasing,
    workers,
    onPlayed: (counts) => tally.addAll(counts),
  });
  const seconds = (performance.now() - startedAt) / 1000;
  for (const line of tally.lines()) console.log(line);
  const runs = tally.count('runs', 'finished');
  console.log(`${(runs / seconds).toFixed(1)} runs per second, ${seconds.toFixed(0)} s.`);
  console.log(`${broken.length} violations.`);
  for (const { seed: of, path, scenario, violations } of broken) {
    console.log(`\n${violations.join('\n')}\nThe smallest scenario found:\n${JSON.stringify(scenario)}`);
    console.log(`Step by step: npm run simulate -- ${erasing ? '--erasing ' : ''}--replay ${of}:${path}`);
  }
  return broken.length > 0 ? 1 : 0;
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`${option} takes a whole number, found ${text}`);
  return Number(text);
}
