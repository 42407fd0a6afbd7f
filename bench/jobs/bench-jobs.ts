import { randomUUID } from 'node:crypto';
import type { FirestoreContext } from 'kb-sessions/firestore';
import type { Cost } from 'kb-sessions-testing';
import { RUN_BUDGET_MS } from '../../functions/src/background/define-job.ts';
import type { BenchContext } from '../bench-context.ts';
import { clearProject } from '../clear-project.ts';
import { deployed } from './deployed.ts';
import { documentsDone, takeInventory } from './inventory.ts';
import type { JobReport } from './job-process.ts';
import type { JobName } from './jobs.ts';
import { runJob } from './run-job.ts';
import { seedDue, seedUncounted } from './seed.ts';

export interface JobResult extends JobReport {
  readonly job: JobName;
  /** Documents that there were to do. */
  readonly documents: number;
  /** Those that were done when the job, or its time, was at its end. */
  readonly done: number;
  readonly cost: Cost;
}

interface Scene {
  seed(setup: FirestoreContext, documents: number): Promise<void>;
  /** Done one after the other, and for so long at most each, in milliseconds. */
  readonly jobs: readonly { readonly job: JobName; readonly limitMs: number }[];
}

const SCENES: readonly Scene[] = [
  { seed: seedDue, jobs: [{ job: 'expireSessions', limitMs: RUN_BUDGET_MS }] },
  {
    seed: seedUncounted,
    jobs: [
      { job: 'reconcileCounters', limitMs: 40_000 },
      { job: 'eraseUser', limitMs: 40_000 },
    ],
  },
];

/** Does each job with so many documents, in turn. @throws Error where one did not do exactly its work */
export async function benchJobs(stage: BenchContext, sizes: readonly number[]): Promise<JobResult[]> {
  const results: JobResult[] = [];
  for (const documents of sizes) {
    for (const { seed, jobs } of SCENES) {
      const projectId = `demo-bench-${randomUUID()}`;
      const setup = deployed(projectId);
      try {
        stage.log(`Jobs: storing ${documents} documents.`);
        await seed(setup, documents);
        for (const { job, limitMs } of jobs) {
          stage.log(`Jobs: ${job} of ${documents}.`);
          const before = await takeInventory(setup);
          await stage.firestore.take();
          const report = await runJob(job, projectId, limitMs);
          const cost = await stage.firestore.take();
          const done = documentsDone(job, before, await takeInventory(setup));
          if (!report.more && done !== documents)
            throw new Error(`${job} was to do ${documents} documents, found ${done}`);
          results.push({ ...report, job, documents, done, cost });
        }
      } finally {
        await setup.db.terminate();
        await clearProject(stage.firestore.emulator, projectId);
      }
    }
  }
  return results;
}
