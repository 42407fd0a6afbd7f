import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Call, costOf } from '../../src/index.ts';
import { longestChain, type Span } from '../../src/meter/cost.ts';

const call = (
  method: string,
  startedAt: number,
  endedAt: number,
  charge: Partial<Call['charge']> = {},
): Call => ({
  method,
  startedAt,
  endedAt,
  charge: { reads: 0, writes: 0, deletes: 0, ...charge },
  bytesUp: 10,
  bytesDown: 100,
});

describe('costOf()', () => {
  it('returns zero without calls', () => {
    const nothing = { reads: 0, writes: 0, deletes: 0, trips: 0, rpcs: {}, bytesUp: 0, bytesDown: 0 };
    assert.deepEqual(costOf([]), nothing);
  });

  it('adds up documents, RPCs by method and bytes', () => {
    const calls = [
      call('Commit', 4, 5, { writes: 2, deletes: 1 }),
      call('RunQuery', 0, 1, { reads: 3 }),
      call('Commit', 6, 7, { writes: 1 }),
    ];
    const expected = { reads: 3, writes: 3, deletes: 1, trips: 3, rpcs: { Commit: 2, RunQuery: 1 } };
    assert.deepEqual(costOf(calls), { ...expected, bytesUp: 30, bytesDown: 300 });
  });

  it('assigns no successor to a call that is still open', () => {
    const { endedAt, ...open } = call('Listen', 0, 9);
    assert.equal(costOf([open, call('Commit', 1, 2), call('Commit', 3, 4)]).trips, 2);
    assert.equal(costOf([open]).trips, 1);
  });
});

describe('longestChain()', () => {
  it('counts overlapping calls once', () => {
    assert.equal(longestChain([span(0, 5), span(1, 3), span(2, 9)]), 1);
  });

  it('treats adjacent calls as overlapping', () => {
    assert.equal(longestChain([span(0, 1), span(1, 2)]), 1);
  });

  it('finds the chain next to a long call', () => {
    assert.equal(longestChain([span(0, 9), span(1, 2), span(3, 4), span(5, 6)]), 3);
  });

  it('returns the longest of all chains', () => {
    const moment = fc.nat({ max: 12 });
    const spans = fc.array(
      fc.tuple(moment, moment).map(([a, b]) => span(Math.min(a, b), Math.max(a, b))),
      { maxLength: 9 },
    );
    fc.assert(fc.property(spans, (some) => longestChain(some) === longestOfAll(some)));
  });
});

function span(startedAt: number, endedAt: number): Span {
  return { startedAt, endedAt };
}

/** By trying each call as the first and following it every way. */
function longestOfAll(spans: readonly Span[]): number {
  const lengths = spans.map(
    (first) => 1 + longestOfAll(spans.filter((next) => next.startedAt > first.endedAt)),
  );
  return Math.max(0, ...lengths);
}
