import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { DeadlineExceededError, withDeadline } from '../../src/firestore/deadline.ts';

const DEADLINE_MS = 2000;
const context = { deadlineMs: DEADLINE_MS };

describe('withDeadline()', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  const rpc = () => Promise.withResolvers<string>();

  it('returns an answer or a failure that arrives in time', async () => {
    const [one, other] = [rpc(), rpc()];
    const outcomes = Promise.allSettled([
      withDeadline(context, one.promise),
      withDeadline(context, other.promise),
    ]);
    mock.timers.tick(DEADLINE_MS - 1);
    const reason = new Error('refused');
    one.resolve('there');
    other.reject(reason);
    assert.deepEqual(await outcomes, [
      { status: 'fulfilled', value: 'there' },
      { status: 'rejected', reason },
    ]);
  });

  it('fails exactly at the deadline', async () => {
    const given = withDeadline(context, rpc().promise);
    const settled = given.catch(() => 'failed');
    mock.timers.tick(DEADLINE_MS - 1);
    const still = new Promise((resolve) => setImmediate(resolve, 'waiting'));
    assert.equal(await Promise.race([settled, still]), 'waiting');
    mock.timers.tick(1);
    await assert.rejects(given, DeadlineExceededError);
  });

  it('ignores a later answer or failure', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      const { promise, reject } = rpc();
      const given = withDeadline(context, promise);
      mock.timers.tick(DEADLINE_MS);
      await assert.rejects(given, DeadlineExceededError);
      reject(new Error('the connection was lost'));
      await new Promise(setImmediate);
      assert.deepEqual(unhandled, []);
    } finally {
      process.off('unhandledRejection', note);
    }
  });

  it('clears its timer when the work finishes in time', async () => {
    mock.timers.reset();
    const set = mock.method(globalThis, 'setTimeout');
    const cleared = mock.method(globalThis, 'clearTimeout');
    try {
      await withDeadline(context, Promise.resolve('there'));
      await assert.rejects(withDeadline(context, Promise.reject(new Error('refused'))));
    } finally {
      mock.restoreAll();
    }
    assert.equal(set.mock.callCount(), 2);
    assert.deepEqual(
      cleared.mock.calls.map(({ arguments: [timer] }) => timer),
      set.mock.calls.map(({ result }) => result),
    );
  });
});
