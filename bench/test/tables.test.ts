import assert from 'node:assert/strict';
import { loadTable } from '../report/load-table.ts';
import { tables } from '../report/tables.ts';

describe('tables', () => {
  it('show what was measured below what it was measured with', () => {
    const conditions = {
      date: '2026-01-31',
      commit: '1f2e3d4-dirty',
      node: '24.0.0',
      cpus: 2,
      model: 'Some',
      delayMs: 10,
      how: '4 s each',
    };
    const results = [
      { call: 'getSession', callers: { 1: { requestsPerSecond: 27, p50Ms: 29, p99Ms: 117 } } },
    ];
    const shown = tables.load?.(JSON.stringify({ benchmark: 'load', conditions, results }));
    const sentence =
      '2026-01-31, commit 1f2e3d4-dirty, Node 24.0.0, 2 × Some, 10 ms of delay per RPC; 4 s each.';
    assert.equal(shown, `${sentence}\n\n${loadTable(results)}`);
  });
});
