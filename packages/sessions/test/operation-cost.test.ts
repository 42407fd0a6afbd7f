import assert from 'node:assert/strict';
import { KeyedBatcher } from '../src/keyed-batcher.ts';
import { type OperationCost, recordCost, trackCost } from '../src/operation-cost.ts';

const nothing = (): OperationCost => ({ documents_read: 0, documents_written: 0 });

describe('trackCost()', () => {
  it('adds up only the cost of its own work', async () => {
    const cost = nothing();
    recordCost(5, 5);
    await trackCost(cost, async () => {
      recordCost(1, 2);
      await Promise.resolve();
      recordCost(3, 4);
    });
    recordCost(5, 5);
    assert.deepEqual(cost, { documents_read: 4, documents_written: 6 });
  });

  it('charges the cost of a batch to its first call before that call returns', async () => {
    const lanes = new KeyedBatcher<number, number>(
      async (_key, works) => {
        await Promise.resolve();
        recordCost(1, works.length);
        return works;
      },
      () => 0,
    );
    const costs = await Promise.all(
      [1, 2, 3].map(async (work) => {
        const cost = nothing();
        await trackCost(cost, () => lanes.enqueue('session', work));
        return { ...cost };
      }),
    );
    assert.deepEqual(costs, [
      { documents_read: 1, documents_written: 1 },
      { documents_read: 1, documents_written: 2 },
      { documents_read: 0, documents_written: 0 },
    ]);
  });
});
