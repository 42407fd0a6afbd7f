import assert from 'node:assert/strict';
import fc from 'fast-check';
import { median, quantile } from '../stats.ts';

const values = fc.array(fc.double({ noNaN: true }), { minLength: 1 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('quantile()', () => {
  it('is the least of the values that at least this share does not exceed', () => {
    const ofAll = (all: number[], fits: (value: number) => boolean) => all.filter(fits).length / all.length;
    fc.assert(
      fc.property(values, share, (all, share) => {
        const found = quantile(all, share);
        assert.ok(all.includes(found));
        assert.ok(ofAll(all, (value) => value <= found) >= share);
        const less = all.filter((value) => value < found);
        assert.ok(less.length === 0 || ofAll(all, (value) => value <= Math.max(...less)) < share);
      }),
    );
  });

  it('leaves the values as they are', () => {
    const all = [10, 9, 100];
    assert.equal(quantile(all, 1), 100);
    assert.deepEqual(all, [10, 9, 100]);
  });

  it('is not a number where there are no values', () => {
    assert.ok(Number.isNaN(quantile([], 0.5)));
  });
});

describe('median()', () => {
  it('is the value in the middle, the lower one of two', () => {
    assert.deepEqual([median([30, 10, 20]), median([4, 1, 3, 2]), median([7])], [20, 2, 7]);
  });
});
