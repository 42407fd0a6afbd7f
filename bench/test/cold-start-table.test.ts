import assert from 'node:assert/strict';
import { coldStartTable } from '../report/cold-start-table.ts';

describe('coldStartTable()', () => {
  it('has a row for each target, with memory in MiB', () => {
    const times = {
      importMs: 140.6,
      importRss: 90 * 2 ** 20,
      answeredMs: 1059.7,
      answeredRss: 136 * 2 ** 20,
    };
    const [head, , ...rows] = coldStartTable([
      { name: 'empty', ...times },
      { name: 'ours', ...times, importMs: 615 },
    ]).split('\n');
    assert.equal(head, '|  | import ms | MB then | first answer ms | MB then |');
    assert.deepEqual(rows, ['| empty | 141 | 90 | 1,060 | 136 |', '| ours | 615 | 90 | 1,060 | 136 |']);
  });
});
