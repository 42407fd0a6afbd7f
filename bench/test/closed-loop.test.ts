import assert from 'node:assert/strict';
import { closedLoop } from '../load/closed-loop.ts';
import { fakeClock } from './support/fake-clock.ts';

describe('closedLoop()', () => {
  it('calls again and again until the time is over, and counts and times each call', async () => {
    using clock = fakeClock();
    const { requestsPerSecond, latencies } = await closedLoop(1, 100, async () => clock.pass(30));
    assert.deepEqual(latencies, [30, 30, 30, 30]);
    assert.equal(requestsPerSecond, 4 / 0.12);
  });

  it('has as many callers at once as it should, each with one call at a time', async () => {
    using clock = fakeClock();
    const waiting = new Map<number, () => void>();
    const driven = closedLoop(3, 100, (caller) => {
      assert.equal(waiting.has(caller), false);
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.set(caller, resolve);
      return promise;
    });
    const answer = async (caller: number, afterMs: number) => {
      clock.pass(afterMs);
      const resolve = waiting.get(caller) ?? assert.fail(`caller ${caller} does not call`);
      waiting.delete(caller);
      resolve();
      await new Promise(setImmediate);
    };
    assert.deepEqual([...waiting.keys()], [0, 1, 2]);
    await answer(1, 20);
    await answer(1, 20);
    assert.deepEqual([...waiting.keys()].sort(), [0, 1, 2]);
    await answer(0, 60);
    await answer(2, 0);
    await answer(1, 100);
    const { requestsPerSecond, latencies } = await driven;
    assert.deepEqual(latencies, [20, 20, 100, 100, 160]);
    assert.equal(requestsPerSecond, 5 / 0.2);
  });

  it('fails with the call that fails', async () => {
    await assert.rejects(
      closedLoop(2, 1000, async () => {
        throw new Error('it was refused');
      }),
      /it was refused/,
    );
  });
});
