import assert from 'node:assert/strict';
import { coldStartTable } from '../report/cold-start-table.ts';

describe('coldStartTable()', () => {
  it('has a row for each target, with memory in MiB, and sets ours off', () => {
    const times = {
      importMs: 140.6,
      importRss: 90 * 2 ** 20,
      answeredMs: 1059.7,
      answeredRss: 136 * 2 ** 20,
    };
    const [head, , ...rows] = coldStartTable([
      { name: 'empty', kind: 'plain', ...times },
      { name: 'one file', kind: 'ours', ...times, importMs: 615 },
    ]).split('\n');
    assert.equal(head, '|  | import ms | MiB then | first answer ms | MiB then |');
    assert.deepEqual(rows, [
      '| empty | 141 | 90 | 1,060 | 136 |',
      '| **one file** | 615 | 90 | 1,060 | 136 |',
    ]);
  });
});
