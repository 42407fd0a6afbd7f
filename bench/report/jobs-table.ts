import type { JobResult } from '../jobs/bench-jobs.ts';
import { short, table } from './table.ts';

const MEBIBYTE = 1024 * 1024;

/** What the jobs take by the number of documents. */
export function jobsTable(results: readonly JobResult[]): string {
  const rows = results.map(({ job, documents, done, ms, runs, cost, peakRss, firstHalfRss, peakHeap }) => [
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
    short(firstHalfRss / MEBIBYTE),
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
    'in the first half',
    'heap',
  ];
  return table(head, rows);
}
