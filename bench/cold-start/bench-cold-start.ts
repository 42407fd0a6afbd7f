import { createUser, runningSuite } from 'kb-sessions-testing';
import { type BenchContext, DELAY_MS } from '../bench-context.ts';
import { median } from '../stats.ts';
import { deployed, emptyCallable, type Target, unbundled, withoutCache } from '../target.ts';
import { type ColdRun, runCold } from './cold-run.ts';

export interface ColdStartResult extends ColdRun {
  readonly name: string;
  readonly kind: Target['kind'];
}

/** Starts from nothing, in turn; each value is the median of its runs. */
export async function benchColdStart(stage: BenchContext, runs: number): Promise<ColdStartResult[]> {
  const { auth, projectId } = runningSuite();
  const user = await createUser({ auth, projectId });
  const services = { auth, projectId, user, firestore: stage.firestore.address };
  const targets = [emptyCallable(), unbundled(), withoutCache(), deployed];
  const measured = targets.map((target) => ({ target, all: [] as ColdRun[] }));
  await stage.firestore.delay(DELAY_MS);
  try {
    for (let round = 1; round <= runs; round += 1) {
      stage.log(`Cold starts: ${round} of ${runs}.`);
      for (const { target, all } of measured) all.push(await runCold(target, services));
    }
  } finally {
    await stage.firestore.delay(0);
  }
  return measured.map(({ target, all }) => {
    const middle = (value: (run: ColdRun) => number) => median(all.map(value));
    return {
      name: target.name,
      kind: target.kind,
      importMs: middle(({ importMs }) => importMs),
      importRss: middle(({ importRss }) => importRss),
      answeredMs: middle(({ answeredMs }) => answeredMs),
      answeredRss: middle(({ answeredRss }) => answeredRss),
    };
  });
}
