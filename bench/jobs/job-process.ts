import { argv } from 'node:process';
import { withSweepDeadline } from 'kb-sessions/firestore';
import { deployedContext } from '../deployed-context.ts';
import { jobs } from './jobs.ts';

// Runs a job in a process of its own, so that the memory of the process is that of the job: again and again until it is
// complete or its time limit is over.

/** Memory in bytes. */
export type JobReport = {
  ms: number;
  /** The number of calls of the job's function. */
  runs: number;
  /** Whether the time limit ended the job. */
  more: boolean;
  /** The largest sampled RSS. The maximum that the system reports is at least that of the parent process. */
  peakRss: number;
  /** The same in the first half of the time. A job that retains its documents needs more in the second half. */
  firstHalfRss: number;
  /** The largest sampled use of V8's heap. */
  peakHeap: number;
};

const SAMPLE_MS = 20;

// Without the parent, the report would reach nobody, and the emulator may be gone.
const exit = () => process.exit(1);
process.on('disconnect', exit);

const [, , name, projectId = '', limitMs] = argv;
const run = Object.entries(jobs).find(([job]) => job === name)?.[1];
if (run === undefined) throw new Error(`a job is ${Object.keys(jobs).join(' or ')}, found ${name}`);
const context = withSweepDeadline(deployedContext(projectId).context);
const samples: { at: number; rss: number; heapUsed: number }[] = [];
const sample = () => {
  const { rss, heapUsed } = process.memoryUsage();
  samples.push({ at: performance.now(), rss, heapUsed });
};
sample();
const sampling = setInterval(sample, SAMPLE_MS);

const deadline = Date.now() + Number(limitMs);
const startedAt = performance.now();
let runs = 0;
let more = true;
while (more && Date.now() < deadline) {
  more = await run(context, deadline);
  runs += 1;
}
const ms = performance.now() - startedAt;

clearInterval(sampling);
const firstHalf = samples.filter(({ at }) => at <= startedAt + ms / 2);
const report: JobReport = {
  ms,
  runs,
  more,
  peakRss: Math.max(...samples.map(({ rss }) => rss)),
  firstHalfRss: Math.max(...firstHalf.map(({ rss }) => rss)),
  peakHeap: Math.max(...samples.map(({ heapUsed }) => heapUsed)),
};
process.send?.(report);
await context.db.terminate();
process.off('disconnect', exit);
process.disconnect?.();
