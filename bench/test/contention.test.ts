import assert from 'node:assert/strict';
import { ofRounds, type Round } from '../contention/contention.ts';

const round: Round = {
  messagesPerSecond: 30,
  latencies: [100, 300],
  failed: 1,
  lost: 2,
  duplicated: 3,
  misordered: 4,
};

describe('ofRounds()', () => {
  it('adds up what went wrong, and takes latencies for those of one', () => {
    const other = { ...round, messagesPerSecond: 10, latencies: [200], lost: 0 };
    assert.deepEqual(ofRounds([round, other]), {
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
