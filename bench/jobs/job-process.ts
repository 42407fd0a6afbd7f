import { argv } from 'node:process';
import { deployed } from './deployed.ts';
import { jobs } from './jobs.ts';

/** What a process that did a job tells of it. */
export interface JobReport {
  readonly ms: number;
  /** How often the job's function was called. */
  readonly runs: number;
  /** Whether its time ended before the work. */
  readonly more: boolean;
  /** The most that the process was seen to take, in bytes; what the system tells is at least what its parent took. */
  readonly peakRss: number;
  /** The most that was seen in the first half of its time: what grows with the documents takes more in the second. */
  readonly firstHalfRss: number;
  /** The most of V8's heap that was seen in use, in bytes. */
  readonly peakHeap: number;
}

// Does a job in a process of its own, so that its memory is the job's: calls it until there is no more, or for so long.

const SAMPLE_MS = 20;

// Nobody would hear of it, and the emulator may be gone.
const orphaned = () => process.exit(1);
process.on('disconnect', orphaned);

const [, , name, projectId = '', limitMs] = argv;
const run = Object.entries(jobs).find(([job]) => job === name)?.[1];
if (run === undefined) throw new Error(`a job is ${Object.keys(jobs).join(' or ')}, found ${name}`);
const setup = deployed(projectId);
const samples: { readonly at: number; readonly rss: number; readonly heapUsed: number }[] = [];
const sample = () => {
  const { rss, heapUsed } = process.memoryUsage();
  samples.push({ at: performance.now(), rss, heapUsed });
};
sample();
const sampling = setInterval(sample, SAMPLE_MS);

const until = Date.now() + Number(limitMs);
const began = performance.now();
let runs = 0;
let more = true;
while (more && Date.now() < until) {
  more = await run(setup, until);
  runs += 1;
}
const ms = performance.now() - began;

clearInterval(sampling);
const firstHalf = samples.filter(({ at }) => at <= began + ms / 2);
const report: JobReport = {
  ms,
  runs,
  more,
  peakRss: Math.max(...samples.map(({ rss }) => rss)),
  firstHalfRss: Math.max(...firstHalf.map(({ rss }) => rss)),
  peakHeap: Math.max(...samples.map(({ heapUsed }) => heapUsed)),
};
process.send?.(report);
await setup.db.terminate();
process.off('disconnect', orphaned);
process.disconnect?.();
