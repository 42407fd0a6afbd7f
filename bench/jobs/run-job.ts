import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { JobReport } from './job-process.ts';
import type { JobName } from './jobs.ts';

/**
 * V8 lets its heap grow before it collects what nobody holds, the more the longer a process runs, so that time alone
 * would look like data. In a young and an old generation of this size, in MB, whatever a job does hold shows, and what
 * does not fit ends it.
 */
const HEAP = ['--max-semi-space-size=2', '--max-old-space-size=40'];

/** Does a job in a process of its own, until there is no more or `limitMs` have passed. */
export async function runJob(job: JobName, projectId: string, limitMs: number): Promise<JobReport> {
  const args = [job, projectId, String(limitMs)];
  const child = fork(join(import.meta.dirname, 'job-process.ts'), args, { execArgv: HEAP });
  const exited = once(child, 'exit');
  const early = exited.then(([code]) =>
    Promise.reject(new Error(`${job} was to report, found it ended (${code})`)),
  );
  const [report]: JobReport[] = await Promise.race([once(child, 'message'), early]);
  if (report === undefined) throw new Error(`${job} was to report, found nothing`);
  await exited;
  return report;
}
