import { createUser, runningSuite } from 'kb-sessions-testing';
import { type BenchContext, DELAY_MS } from '../bench-context.ts';
import {
  deployedBuild,
  emptyCallable,
  type FunctionBuild,
  unbundled,
  withoutCache,
} from '../function-builds.ts';
import { median } from '../stats.ts';
import { type ColdStart, measureColdStart } from './measure-cold-start.ts';

export type ColdStartResult = ColdStart & Pick<FunctionBuild, 'name' | 'kind'>;

/** Measures cold starts of all builds, interleaved. Each value is the median of the runs. */
export const benchColdStart = async (context: BenchContext, runs: number): Promise<ColdStartResult[]> => {
  const { auth, projectId } = runningSuite();
  const user = await createUser({ auth, projectId });
  const services = { auth, projectId, user, firestore: context.firestore.address };
  const builds = [emptyCallable(), unbundled(), withoutCache(), deployedBuild];
  const measured = builds.map((build) => ({ build, starts: [] as ColdStart[] }));
  await context.firestore.delay(DELAY_MS);
  try {
    for (let round = 1; round <= runs; round += 1) {
      context.log(`Cold starts: ${round} of ${runs}.`);
      for (const { build, starts } of measured) starts.push(await measureColdStart(build, services));
    }
  } finally {
    await context.firestore.delay(0);
  }
  return measured.map(({ build: { name, kind }, starts }) => {
    const medianOf = (select: (start: ColdStart) => number) => median(starts.map(select));
    return {
      name,
      kind,
      importMs: medianOf(({ importMs }) => importMs),
      importRss: medianOf(({ importRss }) => importRss),
      answeredMs: medianOf(({ answeredMs }) => answeredMs),
      answeredRss: medianOf(({ answeredRss }) => answeredRss),
    };
  });
};
