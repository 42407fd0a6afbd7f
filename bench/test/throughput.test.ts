import assert from 'node:assert/strict';
import { throughput } from '../contention/throughput.ts';

const ending = (...ended: number[]) => ({ acknowledged: [], latencies: [], failures: [], ended });

describe('throughput()', () => {
  it('counts the two messages of each turn that ended in time, whoever took it, and no straggler', () => {
    const writers = [ending(1200, 4000, 5000), ending(5001, 40_000), ending()];
    assert.equal(throughput(writers, { began: 1000, ms: 4000 }), (3 * 2) / 4);
  });
});
