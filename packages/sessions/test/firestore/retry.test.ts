import assert from 'node:assert/strict';
import fc from 'fast-check';
import { GrpcStatus } from 'firebase-admin/firestore';
import { DeadlineExceededError } from '../../src/firestore/deadline.ts';
import { backoffMs, createRetrier } from '../../src/firestore/retry.ts';
import { assertFails } from '../../src/testing/assert-fails.ts';

const failing = (code: GrpcStatus): Error => Object.assign(new Error('failed'), { code });
const lost = failing(GrpcStatus.FAILED_PRECONDITION);
const unclear = failing(GrpcStatus.UNAVAILABLE);

/** That of the default deadline. */
const GRACE_MS = 4_000;
/** A busy machine is never slower than this. */
const context = { deadlineMs: 30_000 };

describe('backoffMs()', () => {
  const waitOf = (conflicts: number, elapsedMs: number, { tryMs = 30, random = 0 } = {}) =>
    backoffMs({ conflicts, tryMs, elapsedMs }, GRACE_MS, random);

  it('returns between three quarters and all of the range, depending on the random number', () => {
    assert.equal(waitOf(1, 0), 45);
    assert.equal(waitOf(1, 0, { random: 0.5 }), 52.5);
  });

  it('quadruples the delay after each recent race and reduces it to a fifth of an attempt later', () => {
    assert.equal(waitOf(2, 0), 180);
    const falling = [300, 330, 390, 480, 3900].map((elapsedMs) => waitOf(9, elapsedMs)?.toFixed(1));
    assert.deepEqual(falling, ['22.5', '15.9', '8.6', '4.5', '4.5']);
  });

  it('stops after 60 races or 4 s since the first', () => {
    assert.notEqual(waitOf(60, 4_000), null);
    assert.equal(waitOf(61, 0), null);
    assert.equal(waitOf(2, 4_001), null);
  });

  it('returns a delay between zero and 11 attempts of 100 ms', () => {
    const time = fc.double({ min: 0, max: 4_000, noNaN: true });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        time,
        time,
        random,
        (conflicts, tryMs, elapsedMs, chance) => {
          const wait = backoffMs({ conflicts, tryMs, elapsedMs }, GRACE_MS, chance);
          assert.ok(wait !== null && wait > 0 && wait <= 1_100, `waits ${wait} ms`);
        },
      ),
    );
  });

  for (const [writers, longest] of [
    [2, 0.6],
    [5, 0.8],
    [20, 1.2],
  ] as const) {
    it(`lets each of ${writers} competing servers store a message within ${longest} s`, () => {
      const { latencies, gaveUp, tries } = race(writers);
      assert.ok(gaveUp / latencies.length < 0.001, `${gaveUp} gave up`);
      const p99 = p99Of(latencies);
      assert.ok(p99 < longest * 1000, `99 % within ${p99} ms`);
      assert.ok(tries / latencies.length < 6, `${tries / latencies.length} tries for a message`);
    });
  }
});

describe('backoffMs(), with a trigger that counts messages,', () => {
  it('delays a single writer for at most a few attempts when the counter stops racing', () => {
    const { latencies } = race(1, 2);
    const p99 = p99Of(latencies);
    assert.ok(p99 > 30 && p99 < 150, `99 % within ${p99} ms`);
  });
});

describe('createRetrier()', () => {
  it('resolves after lost races and stops at the limit', async () => {
    const tryAgain = createRetrier(context);
    for (let race = 0; race < 60; race += 1) await tryAgain(lost);
    await assertFails(tryAgain(lost), 'aborted');
  });

  it('resolves after one unclear outcome and stops at the second', async () => {
    const tryAgain = createRetrier(context);
    await tryAgain(unclear);
    await tryAgain(lost);
    await assertFails(tryAgain(unclear), 'unavailable');
  });

  it('stops at once after a missed deadline, which used up the waiting time', async () => {
    await assertFails(createRetrier(context)(new DeadlineExceededError('late')), 'unavailable');
  });

  it('stops at once with the original error when a retry cannot succeed', async () => {
    const refused = failing(GrpcStatus.PERMISSION_DENIED);
    await assert.rejects(createRetrier(context)(refused), (found) => found === refused);
  });
});

/** How long an RPC takes to Firestore, and back. */
const THERE_MS = 14;
const BACK_MS = 2;
const RACE_MS = 60_000;

/** Servers that write to one session all the time, and a counter that changes it blindly, without any real time or chance. */
const race = (writers: number, countsPerSecond = 0) => {
  const events: { at: number; run(): void }[] = [];
  const latencies: number[] = [];
  let [now, version, tries, gaveUp, seed] = [0, 0, 0, 0, 1];
  const chance = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const after = (ms: number, run: () => void) => events.push({ at: now + ms, run });
  const rpc = (run: () => void) => after(THERE_MS + chance(), run);
  const write = () => {
    const began = now;
    let [races, triedMs, since, firstLost] = [0, 0, now, Number.NaN];
    const attempt = () => {
      tries += 1;
      since = now;
      rpc(() => {
        const read = version;
        after(BACK_MS, () => rpc(() => commit(read)));
      });
    };
    const commit = (read: number) => {
      if (version !== read) return after(BACK_MS, retry);
      version += 1;
      return after(BACK_MS, done);
    };
    const done = () => {
      latencies.push(now - began);
      if (now < RACE_MS) write();
    };
    const retry = () => {
      races += 1;
      triedMs += now - since;
      if (races === 1) firstLost = now;
      const wait = backoffMs(
        { conflicts: races, tryMs: triedMs / races, elapsedMs: now - firstLost },
        GRACE_MS,
        chance(),
      );
      if (wait === null) gaveUp += 1;
      else after(wait, attempt);
    };
    attempt();
  };
  const count = () => {
    version += 1;
    if (now < RACE_MS) after((2000 / countsPerSecond) * chance(), count);
  };
  for (let writer = 0; writer < writers; writer += 1) write();
  if (countsPerSecond > 0) count();
  for (let next = takeFirst(events); next; next = takeFirst(events)) {
    now = next.at;
    next.run();
  }
  return { latencies, gaveUp, tries };
};

const p99Of = (latencies: number[]): number =>
  latencies.toSorted((a, b) => b - a)[Math.floor(latencies.length / 100)] ?? 0;

const takeFirst = <Event extends { at: number }>(events: Event[]): Event | undefined => {
  const [first] = events.toSorted((a, b) => a.at - b.at);
  if (first) events.splice(events.indexOf(first), 1);
  return first;
};
