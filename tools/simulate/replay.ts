import { playSeeds } from '../../functions/test/simulation/play-seeds.ts';
import { UsageError } from '../support/user-error.ts';

/**
 * Plays one run again and prints its steps.
 * @param run `<seed>:<path>`, as the report of a violation names it
 */
export const replay = async (run: string, erasing: boolean): Promise<number> => {
  const [, seed, path] = /^(\d+):(\d+(?::\d+)*)$/.exec(run) ?? [];
  if (seed === undefined || path === undefined)
    throw new UsageError(`--replay takes <seed>:<path> as it was reported, found ${run}.`);
  const { broken } = await playSeeds({
    seed: Number(seed),
    runs: 1,
    erasing,
    path,
    write: console.log,
  });
  console.log(broken ? `\n${broken.violations.join('\n')}` : '\nNo violation.');
  return broken ? 1 : 0;
};
