import assert from 'node:assert/strict';
import { compareCpu } from '../load/compare-cpu.ts';

describe('compareCpu()', () => {
  it('returns the median of the differences, which differs from the difference of the medians', async () => {
    const next = (values: number[]) => async () => values.shift() ?? assert.fail('one batch too many');
    const costs = await compareCpu(3, {
      one: { ours: next([9, 2, 6]), bare: next([1, 1.5, 5]) },
      other: { ours: next([3, 3, 3]), bare: next([2, 2, 2]) },
    });
    assert.deepEqual(costs, {
      one: { oursMs: 6, bareMs: 1.5, ownMs: 1, ownQuartilesMs: [0.5, 8] },
      other: { oursMs: 3, bareMs: 2, ownMs: 1, ownQuartilesMs: [1, 1] },
    });
  });

  it('runs every call in each round, with its two batches next to each other, in every order', async () => {
    const started: string[] = [];
    const batch = (name: string) => async () => started.push(name);
    const batches = (call: string) => ({ ours: batch(`${call} ours`), bare: batch(`${call} bare`) });
    await compareCpu(200, { get: batches('get'), add: batches('add') });
    const rounds = Array.from({ length: 200 }, () => started.splice(0, 4).join());
    const pairs = (call: string) => [`${call} ours,${call} bare`, `${call} bare,${call} ours`];
    const expected = pairs('get').flatMap((get) =>
      pairs('add').flatMap((add) => [`${get},${add}`, `${add},${get}`]),
    );
    assert.deepEqual([...new Set(rounds)].toSorted(), expected.toSorted());
    assert.deepEqual(started, []);
  });
});
