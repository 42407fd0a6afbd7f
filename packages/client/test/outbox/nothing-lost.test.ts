import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { testSize } from '../../../sessions/src/testing/test-size.ts';
import type { Mode } from './fake-server.ts';
import { createWorld, type Step } from './world.ts';

const modesOf = (...modes: Mode[]) => fc.array(fc.constantFrom(...modes), { minLength: 1, maxLength: 12 });
const script = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Step>('say') },
    { weight: 4, arbitrary: fc.constantFrom<Step>('flush', 'reopen', 'die', 'switch user', 'refuse') },
  ),
  { maxLength: 8 },
);

describe('an acknowledged operation', () => {
  it('is never lost, is settled once, and is never sent as another user or after a newer one', async () => {
    const modes = modesOf('durable', 'volatile', 'volatile', 'unsaid', 'unavailable');
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), modes, script, script, async (scheduler, modes, first, second) => {
        const world = createWorld(scheduler, modes);
        await scheduler.waitFor(Promise.all([world.tab(first), world.tab(second)]));
        await world.check();
      }),
      { numRuns: testSize({ test: 200, soak: 5000 }) },
    );
  });

  it('is stored in the order of the acknowledgements when calls are sequential and the server answers', async () => {
    const steps = fc.array(fc.tuple(fc.nat(1), fc.constantFrom<Step>('say', 'say', 'die', 'flush')), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        modesOf('durable', 'volatile', 'unsaid'),
        steps,
        async (scheduler, modes, steps) => {
          const world = createWorld(scheduler, modes);
          for (const [, step] of steps) await scheduler.waitFor(world.tab([step]));
          await world.check();
          assert.deepEqual(world.server.durable, [...world.said.keys()]);
        },
      ),
      { numRuns: testSize({ test: 100, soak: 2500 }) },
    );
  });
});
