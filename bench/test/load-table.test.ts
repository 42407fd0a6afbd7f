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
    assert.doesNotMatch(text, /CPU/);
  });

  it('shows the CPU of calls of ours, with the quartiles of our own part, in a table of its own', () => {
    const cpu = { oursMs: 2.713, bareMs: 2.572, ownMs: 0.194, ownQuartilesMs: [0.1, 0.256] } as const;
    const text = loadTable([
      { call: 'an empty callable', callers: { 1: load } },
      { call: 'getSession', callers: { 1: load }, cpu },
    ]);
    const own = text.slice(text.indexOf('CPU'));
    const cell = readTable(own);
    const columns = ['CPU ms', 'bare, CPU ms', 'our own code, CPU ms'];
    assert.deepEqual(
      columns.map((column) => cell('getSession', column)),
      ['2.71', '2.57', '0.19 (0.10–0.26)'],
    );
    assert.doesNotMatch(own, /an empty callable \|/);
  });
});
