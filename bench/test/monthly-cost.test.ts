import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MONTH_SECONDS, monthlyCost, totalOf } from '../scale/monthly-cost.ts';
import { type Scale, scaleTo } from '../scale/scale.ts';
import { close } from './support/close.ts';
import { smallInputs } from './support/scale-inputs.ts';

const { assumptions } = smallInputs;

describe('monthlyCost()', () => {
  it('is what the price list says', () => {
    const scale: Scale = {
      ...scaleTo(1, smallInputs),
      reads: 1,
      writes: 2,
      deletes: 3,
      stored: 10 * 2 ** 30,
      instances: { calls: 1.2, events: 0.3 },
      calls: 2,
      events: 1,
      bytesOfEvents: 2 ** 40 / MONTH_SECONDS,
      bytesToCallers: 2 ** 30 / MONTH_SECONDS,
    };
    // A month has 2,592,000 seconds.
    const wanted = {
      'Firestore, reads': 25.92 * 0.03,
      'Firestore, writes': 2 * 25.92 * 0.09,
      'Firestore, deletes by TTL': 3 * 25.92 * 0.01,
      'Firestore, storage': 1.5,
      'Cloud Run, processor': 186.624,
      'Cloud Run, memory': 4.86,
      'Cloud Run, requests': 3.1104,
      'events, published and delivered': 80,
      'traffic to callers': 0.12,
    };
    const cost = monthlyCost(scale, assumptions);
    assert.deepEqual(Object.keys(cost), Object.keys(wanted));
    for (const [part, amount] of Object.entries(wanted)) close(cost[part], amount, part);
    close(totalOf(cost), 282.4352, 'the total');
  });

  it('takes an instance that is used a little as a whole one, for each of the two functions', () => {
    const processor = (calls: number, events: number) =>
      monthlyCost({ ...scaleTo(1, smallInputs), instances: { calls, events } }, assumptions)[
        'Cloud Run, processor'
      ];
    assert.equal(processor(0.1, 0.1), processor(1, 1));
    assert.equal(processor(1.5, 0.5), processor(2, 1));
  });

  it('is never less for more sessions, and at most twice as much for twice as many', () => {
    const sessions = fc.integer({ min: 1, max: 10_000_000 });
    fc.assert(
      fc.property(sessions, (count) => {
        const [one, two] = [count, 2 * count].map((of) => monthlyCost(scaleTo(of, smallInputs), assumptions));
        for (const [part, amount] of Object.entries(one ?? {})) {
          const twice = two?.[part] ?? Number.NaN;
          assert.ok(amount >= 0 && twice >= amount, `${part}: ${amount}, then ${twice}`);
          assert.ok(twice <= 2 * amount * (1 + 1e-9), `${part}: ${amount}, then ${twice}`);
        }
      }),
    );
  });
});
