import assert from 'node:assert/strict';
import type { JobResult } from '../jobs/bench-jobs.ts';
import { jobsTable } from '../report/jobs-table.ts';

const result: JobResult = {
  job: 'eraseUser',
  documents: 1000,
  done: 1000,
  ms: 500,
  runs: 2,
  more: false,
  peakRss: 127 * 2 ** 20,
  firstHalfRss: 125 * 2 ** 20,
  peakHeap: 37 * 2 ** 20,
  cost: {
    rpcs: { Commit: 7, RunQuery: 5 },
    reads: 1005,
    writes: 7,
    deletes: 1000,
    bytesUp: 1,
    bytesDown: 2,
    trips: 3,
  },
};
/** Its time ended before the work. */
const cut: JobResult = { ...result, documents: 100_000, done: 30_000, more: true, peakRss: 300 * 2 ** 20 };

describe('jobsTable()', () => {
  it('has a row for each run, with memory in MiB, and says how much was done where that was not all', () => {
    const [head, , whole, part] = jobsTable([result, cut]).split('\n');
    assert.equal(
      head,
      '|  | documents | done | s | documents/s | runs | RPCs | read | written | peak MiB | in the first half | heap |',
    );
    assert.equal(
      whole,
      '| eraseUser | 1,000 | all | 0.5 | 2,000 | 2 | 12 | 1,005 | 1,007 | 127 | 125 | 37 |',
    );
    assert.equal(
      part,
      '| eraseUser | 100,000 | 30,000 | 0.5 | 60,000 | 2 | 12 | 1,005 | 1,007 | 300 | 125 | 37 |',
    );
  });
});
