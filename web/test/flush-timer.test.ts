import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { SessionsError } from 'kb-sessions-client';
import { startFlushTimer } from '../src/flush-timer.ts';

/** Lets what was started come to its end. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('startFlushTimer()', () => {
  let flushes: number;
  const left: (number | Error)[] = [];
  const flush = async (): Promise<number> => {
    flushes++;
    const next = left.shift() ?? 0;
    if (next instanceof Error) throw next;
    return next;
  };
  const pass = async (milliseconds: number): Promise<number> => {
    mock.timers.tick(milliseconds);
    await settle();
    return flushes;
  };

  beforeEach(() => {
    flushes = 0;
    left.length = 0;
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => mock.timers.reset());

  it('flushes every five seconds until nothing is pending', async () => {
    const { schedule } = startFlushTimer(flush);
    left.push(2, 1, 0);
    schedule(2);
    schedule(2);
    const seen = [await pass(4999), await pass(1), await pass(5000), await pass(5000), await pass(60_000)];
    assert.deepEqual(seen, [0, 1, 2, 3, 3]);
  });

  it('does nothing while nothing is pending', async () => {
    startFlushTimer(flush).schedule(0);
    assert.equal(await pass(60_000), 0);
  });

  it('flushes at once on request, and then not earlier than usual', async () => {
    const { schedule, flushNow } = startFlushTimer(flush);
    left.push(1);
    schedule(1);
    await pass(4000);
    await flushNow();
    assert.deepEqual([flushes, await pass(4000), await pass(1000)], [1, 1, 2]);
  });

  it('continues for the next user after a sign-out', async () => {
    const { schedule, flushNow } = startFlushTimer(flush);
    left.push(new SessionsError('cancelled', 'another user signed in before the call was sent'));
    await flushNow();
    assert.equal(await pass(60_000), 1);
    schedule(1);
    assert.equal(await pass(5000), 2);
  });
});
