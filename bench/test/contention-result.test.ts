import assert from 'node:assert/strict';
import { contentionOf, type Round, throughputOf } from '../contention/contention-result.ts';

describe('contentionOf()', () => {
  it('adds up the damage of the rounds, and pools their latencies', () => {
    const damage = { failed: 1, lost: 2, duplicated: 3, misordered: 4 };
    const round: Round = { messagesPerSecond: 30, latencies: [100, 300], ...damage };
    const other = { ...round, messagesPerSecond: 10, latencies: [200], lost: 0 };
    assert.deepEqual(contentionOf([round, other]), {
      messagesPerSecond: 20,
      p50Ms: 200,
      p99Ms: 300,
      turns: 3,
      failed: 2,
      lost: 2,
      duplicated: 6,
      misordered: 8,
    });
  });
});

describe('throughputOf()', () => {
  it('counts the two messages of each turn that ended in time, of all writers, and no later turn', () => {
    const ending = (...endTimes: number[]) => ({ acknowledged: [], latencies: [], failures: [], endTimes });
    const writers = [ending(1200, 4000, 5000), ending(5001, 40_000), ending()];
    assert.equal(throughputOf(writers, 1000, 4000), (3 * 2) / 4);
  });
});
