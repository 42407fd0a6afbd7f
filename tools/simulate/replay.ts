import { playSeeds } from '../../functions/test/simulation/play-seeds.ts';

/** Plays one run again and prints its steps. `which` is what a violation was reported with: `<seed>:<path>`. */
export async function replay(which: string, erasing: boolean): Promise<number> {
  const [, seed, path] = /^(\d+):(\d+(?::\d+)*)$/.exec(which) ?? [];
  if (seed === undefined || path === undefined)
    throw new Error(`--replay takes <seed>:<path> as it was reported, found ${which}`);
  const { broken } = await playSeeds({
    seed: Number(seed),
    runs: 1,
    erasing,
    path,
    write: console.log,
  });
  console.log(broken ? `\n${broken.violations.join('\n')}` : '\nNo violation.');
  return broken ? 1 : 0;
}
