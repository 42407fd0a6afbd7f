import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FirestoreContext } from 'kb-sessions/firestore';
import type { Cost } from 'kb-sessions-testing';
import { RUN_BUDGET_MS } from '../../functions/src/background/define-job.ts';
import { type BenchContext, clearProject } from '../bench-context.ts';
import { deployedContext } from '../deployed-context.ts';
import { countDone, takeInventory } from './inventory.ts';
import type { JobReport } from './job-process.ts';
import type { JobName } from './jobs.ts';
import { seedDueSessions, seedUncounted } from './seed.ts';

export type JobResult = JobReport & {
  job: JobName;
  /** The number of documents to process. */
  documents: number;
  /** The number of processed documents when the job ended, or its time limit. */
  done: number;
  cost: Cost;
};

type Scenario = {
  seed(context: FirestoreContext, documents: number): Promise<void>;
  /** Run one after the other, each with a time limit in milliseconds. */
  jobs: { job: JobName; limitMs: number }[];
};

const SCENARIOS: Scenario[] = [
  { seed: seedDueSessions, jobs: [{ job: 'expireSessions', limitMs: RUN_BUDGET_MS }] },
  {
    seed: seedUncounted,
    jobs: [
      { job: 'reconcileCounters', limitMs: 40_000 },
      { job: 'eraseUser', limitMs: 40_000 },
    ],
  },
];

/** Runs each job with each number of documents. @throws Error if a job did not do exactly its work */
export const benchJobs = async (context: BenchContext, sizes: readonly number[]): Promise<JobResult[]> => {
  const results: JobResult[] = [];
  for (const documents of sizes) {
    for (const { seed, jobs } of SCENARIOS) {
      const projectId = `demo-bench-${randomUUID()}`;
      const { context: deployed } = deployedContext(projectId);
      try {
        context.log(`Jobs: storing ${documents} documents.`);
        await seed(deployed, documents);
        for (const { job, limitMs } of jobs) {
          context.log(`Jobs: ${job} of ${documents}.`);
          const before = await takeInventory(deployed);
          await context.firestore.take();
          const report = await runInProcess(job, projectId, limitMs);
          const cost = await context.firestore.take();
          const done = countDone(job, before, await takeInventory(deployed));
          if (!report.more && done !== documents)
            throw new Error(`${job} must process ${documents} documents, found ${done}`);
          results.push({ ...report, job, documents, done, cost });
        }
      } finally {
        await deployed.db.terminate();
        await clearProject(context.firestore.emulator, projectId);
      }
    }
  }
  return results;
};

/**
 * V8 lets its heap grow before it collects garbage, more so in a long process, so that time would look like data. With
 * generations of these sizes in MB, retained data shows, and data that does not fit ends the process.
 */
const HEAP_LIMITS = ['--max-semi-space-size=2', '--max-old-space-size=40'];

/** Runs a job in a process of its own, until it is complete or `limitMs` have passed. */
const runInProcess = async (job: JobName, projectId: string, limitMs: number): Promise<JobReport> => {
  const args = [job, projectId, String(limitMs)];
  const child = fork(join(import.meta.dirname, 'job-process.ts'), args, { execArgv: HEAP_LIMITS });
  const exited = once(child, 'exit');
  const failed = exited.then(([code]) =>
    Promise.reject(new Error(`${job} must report, found exit code ${code}`)),
  );
  const [report]: JobReport[] = await Promise.race([once(child, 'message'), failed]);
  if (report === undefined) throw new Error(`${job} must report, found nothing`);
  await exited;
  return report;
};
