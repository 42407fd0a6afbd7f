import type { JobResult } from '../jobs/bench-jobs.ts';
import { short, table } from './table.ts';

const MEBIBYTE = 1024 * 1024;

/** What the jobs take by the number of documents, and how much more memory where they did the most than the fewest. */
export function jobsTable(results: readonly JobResult[]): string {
  const rows = results.map(({ job, documents, done, ms, runs, cost, peakRss, peakHeap }) => [
    job,
    short(documents),
    done === documents ? 'all' : short(done),
    short(ms / 1000),
    short((done / ms) * 1000),
    short(runs),
    short(Object.values(cost.rpcs).reduce((sum, count) => sum + count, 0)),
    short(cost.reads),
    short(cost.writes + cost.deletes),
    short(peakRss / MEBIBYTE),
    short(peakHeap / MEBIBYTE),
  ]);
  const head = [
    '',
    'documents',
    'done',
    's',
    'documents/s',
    'runs',
    'RPCs',
    'read',
    'written',
    'peak MiB',
    'of it heap',
  ];
  return [table(head, rows), growth(results)].join('\n\n');
}

function growth(results: readonly JobResult[]): string {
  // What was cut short has not seen all its documents.
  const finished = results.filter(({ more }) => !more);
  const jobs = [...new Set(finished.map(({ job }) => job))].map((job) => {
    const peaks = finished.filter((result) => result.job === job).map(({ peakRss }) => peakRss / MEBIBYTE);
    const [first = Number.NaN, last = first] = [peaks[0], peaks.at(-1)];
    return `${job} ${short(last - first)} MiB`;
  });
  return `More memory for the most documents that a job did all of than for the fewest: ${jobs.join(', ')}.`;
}
