import assert from 'node:assert/strict';
import type { Contention } from '../contention/contention.ts';
import { contentionTable } from '../report/contention-table.ts';
import { readTable } from './support/read-table.ts';

const contention: Contention = {
  messagesPerSecond: 28.4,
  p50Ms: 117.2,
  p99Ms: 2921.9,
  turns: 50,
  failed: 1,
  lost: 2,
  duplicated: 3,
  misordered: 4,
};
const columns = ['messages/s', 'p50 ms', 'p99 ms', 'failed turns', 'lost', 'repeated', 'out of order'];

describe('contentionTable()', () => {
  it('shows each number of writers in turn, in the columns of their own, and failures beside all turns', () => {
    const twenty = { ...contention, messagesPerSecond: 3.14, failed: 0 };
    const text = contentionTable([{ peer: 'Peer', kind: 'library', writers: { 20: twenty, 2: contention } }]);
    const cell = readTable(text);
    assert.match(text, /^2 \/ 20 writers,/);
    assert.deepEqual(
      columns.map((column) => cell('Peer', column)),
      ['28 / 3.1', '117 / 117', '2,922 / 2,922', '1 of 51 / 0', '2 / 2', '3 / 3', '4 / 4'],
    );
  });

  it('has a dash for what was not possible, and for latencies where no turn succeeded', () => {
    const none = { ...contention, messagesPerSecond: 0, turns: 0, p50Ms: Number.NaN, p99Ms: Number.NaN };
    // As it is read back from JSON, which has no NaN.
    const readBack: Contention = JSON.parse(JSON.stringify(none));
    for (const nothing of [none, readBack]) {
      const writers = { 2: contention, 5: 'it broke', 20: nothing };
      const cell = readTable(contentionTable([{ peer: 'Peer', kind: 'ours', writers }]));
      assert.deepEqual(
        columns.map((column) => cell('**Peer**', column)),
        [
          '28 / – / 0',
          '117 / – / –',
          '2,922 / – / –',
          '1 of 51 / – / 1 of 1',
          '2 / – / 2',
          '3 / – / 3',
          '4 / – / 4',
        ],
      );
    }
  });
});
