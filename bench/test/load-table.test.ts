import assert from 'node:assert/strict';
import { loadTable } from '../report/load-table.ts';
import { readTable } from './support/read-table.ts';

const load = { requestsPerSecond: 321.4, p50Ms: 2.14, p99Ms: 1395.6 };

describe('loadTable()', () => {
  it('shows each number of callers in turn, least first, and a dash where one is missing', () => {
    const text = loadTable([
      { call: 'getSession', callers: { 80: { ...load, p50Ms: 110 }, 1: load } },
      { call: 'addMessage', callers: { 80: load } },
    ]);
    assert.match(text, /^1 \/ 80 callers at once,/);
    const cell = readTable(text);
    const row = (call: string) => ['requests/s', 'p50 ms', 'p99 ms'].map((column) => cell(call, column));
    assert.deepEqual(row('getSession'), ['321 / 321', '2.1 / 110', '1,396 / 1,396']);
    assert.deepEqual(row('addMessage'), ['– / 321', '– / 2.1', '– / 1,396']);
  });
});
