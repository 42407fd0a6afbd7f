import assert from 'node:assert/strict';
import { compare } from '../load/compare.ts';

describe('compare()', () => {
  it('takes the median of the differences of a call, which is not that of the medians', async () => {
    const next = (values: number[]) => async () => values.shift() ?? assert.fail('taken too often');
    const found = await compare(3, {
      one: { ours: next([9, 2, 6]), bare: next([1, 1.5, 5]) },
      other: { ours: next([3, 3, 3]), bare: next([2, 2, 2]) },
    });
    assert.deepEqual(found, {
      one: { oursMs: 6, bareMs: 1.5, ownMs: 1, ownQuartilesMs: [0.5, 8] },
      other: { oursMs: 3, bareMs: 2, ownMs: 1, ownQuartilesMs: [1, 1] },
    });
  });

  it('takes every call in each round, its two batches one right after the other, in any order', async () => {
    const taken: string[] = [];
    const take = (name: string) => async () => taken.push(name);
    const batches = (call: string) => ({ ours: take(`${call} of ours`), bare: take(`${call} of the bare`) });
    const calls = { get: batches('get'), add: batches('add') };
    await compare(200, calls);
    const rounds = Array.from({ length: 200 }, () => taken.splice(0, 4).join(', '));
    const [get, add] = ['get', 'add'].map((call) => [
      `${call} of ours, ${call} of the bare`,
      `${call} of the bare, ${call} of ours`,
    ]);
    const pairs = (get ?? []).flatMap((one) =>
      (add ?? []).flatMap((two) => [`${one}, ${two}`, `${two}, ${one}`]),
    );
    assert.deepEqual([...new Set(rounds)].toSorted(), pairs.toSorted());
    assert.deepEqual(taken, []);
  });
});
