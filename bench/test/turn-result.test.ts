import assert from 'node:assert/strict';
import { type Run, turnCostOf } from '../turn/turn-result.ts';

describe('turnCostOf()', () => {
  it('returns the medians, and also the means of documents and bytes', () => {
    const runs = [1, 2, 9].map(
      (nth): Run => ({
        rpcs: { Commit: nth, RunQuery: 1 },
        trips: 10 * nth,
        reads: 100 * nth,
        writes: 1000 * nth,
        deletes: 0,
        bytesUp: 10_000 * nth,
        bytesDown: 100_000 * nth,
        ms: nth,
      }),
    );
    assert.deepEqual(turnCostOf(runs, 4), {
      rpcs: 3,
      trips: 20,
      reads: 200,
      writes: 2000,
      bytesUp: 20_000,
      bytesDown: 200_000,
      mean: { reads: 400, writes: 4000, bytesUp: 40_000, bytesDown: 400_000 },
      ms: 2,
      vsFloorA: 0.5,
    });
  });
});
