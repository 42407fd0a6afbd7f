import assert from 'node:assert/strict';
import { runClosedLoop } from '../load/closed-loop.ts';
import { fakeClock } from './support/fake-clock.ts';

describe('runClosedLoop()', () => {
  it('calls again until the time is over, and counts and times each call', async () => {
    using clock = fakeClock();
    const { requestsPerSecond, latencies } = await runClosedLoop(1, 100, async () => clock.pass(30));
    assert.deepEqual(latencies, [30, 30, 30, 30]);
    assert.equal(requestsPerSecond, 4 / 0.12);
  });

  it('runs the given number of callers, each with one call at a time', async () => {
    using clock = fakeClock();
    const pending = new Map<number, () => void>();
    const loop = runClosedLoop(3, 100, (caller) => {
      assert.equal(pending.has(caller), false);
      const { promise, resolve } = Promise.withResolvers<void>();
      pending.set(caller, resolve);
      return promise;
    });
    const answer = async (caller: number, afterMs: number) => {
      clock.pass(afterMs);
      const resolve = pending.get(caller) ?? assert.fail(`caller ${caller} has no call`);
      pending.delete(caller);
      resolve();
      await new Promise(setImmediate);
    };
    assert.deepEqual([...pending.keys()], [0, 1, 2]);
    await answer(1, 20);
    await answer(1, 20);
    assert.deepEqual([...pending.keys()].sort(), [0, 1, 2]);
    await answer(0, 60);
    await answer(2, 0);
    await answer(1, 100);
    const { requestsPerSecond, latencies } = await loop;
    assert.deepEqual(latencies, [20, 20, 100, 100, 160]);
    assert.equal(requestsPerSecond, 5 / 0.2);
  });

  it('fails if a call fails', async () => {
    await assert.rejects(
      runClosedLoop(2, 1000, () => Promise.reject(new Error('refused'))),
      /refused/,
    );
  });
});
