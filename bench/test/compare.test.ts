import assert from 'node:assert/strict';
import { compare } from '../load/compare.ts';

describe('compare()', () => {
  it('takes both in every round, and the median of the differences, which is not that of the medians', async () => {
    const ours = [9, 2, 6];
    const bare = [1, 1.5, 5];
    const next = (values: number[]) => async () => values.shift() ?? assert.fail('taken too often');
    assert.deepEqual(await compare(3, next(ours), next(bare)), {
      oursMs: 6,
      bareMs: 1.5,
      ownMs: 1,
      ownQuartilesMs: [0.5, 8],
    });
  });

  it('does not always begin with the same one', async () => {
    const firsts = new Set<string>();
    let taken: string[] = [];
    const take = (name: string) => async () => {
      taken.push(name);
      return 0;
    };
    for (let run = 0; run < 100; run += 1) {
      taken = [];
      await compare(1, take('ours'), take('bare'));
      assert.deepEqual(taken.toSorted(), ['bare', 'ours']);
      firsts.add(taken[0] ?? '');
    }
    assert.equal(firsts.size, 2);
  });
});
