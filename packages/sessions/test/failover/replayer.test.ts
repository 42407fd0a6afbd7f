import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { ForgetfulStore } from '../../../../functions/test/outage/forgetful-store.ts';
import type { CircuitBreakerStore } from '../../src/failover/circuit-breaker-store.ts';
import { ReplayResults } from '../../src/failover/replay-results.ts';
import { Replayer } from '../../src/failover/replayer.ts';
import { MemoryJournal } from '../../src/journal/memory-journal.ts';
import { unavailableError } from '../../src/session-errors.ts';
import type { AppendOperation, AppendResult } from '../../src/session-store.ts';
import { appending, newLine } from '../../src/testing/journal-contract/entries.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { PLENTY } from '../support/failover-harness.ts';

const LINES = 30;
const AT_ONCE = 8;

/** A primary that answers an append when it is let. */
class Held extends ForgetfulStore implements CircuitBreakerStore {
  readonly state = 'closed';
  readonly asked: { session_id: string; answer(error?: Error): void }[] = [];

  constructor() {
    super({ limits: SMALL_LIMITS, clock: () => 0, onSessionRead: () => {} });
  }

  override async append(operation: AppendOperation): Promise<AppendResult> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const answer = (error?: Error) => (error ? reject(error) : resolve());
    this.asked.push({ session_id: operation.session_id, answer });
    await promise;
    return super.append(operation);
  }
}

describe('Replayer.sweep()', () => {
  let journal: MemoryJournal;
  let primary: Held;
  beforeEach(async () => {
    journal = new MemoryJournal(PLENTY);
    for (let line = 0; line < LINES; line += 1) await journal.accept(appending(newLine()));
    primary = new Held();
  });

  const replayer = () =>
    new Replayer({
      primary,
      journal,
      clock: () => 0,
      gracePeriodMs: 60_000,
      results: new ReplayResults(),
      onSettled: () => {},
    });

  it('replays one session first, then up to eight at a time', async () => {
    const sweep = replayer().sweep();
    const found: number[] = [];
    for (let done = 0; done < LINES; ) {
      await turn();
      const asked = primary.asked.slice(done);
      found.push(asked.length);
      for (const { answer } of asked) answer();
      done += asked.length;
    }
    await sweep;
    assert.deepEqual(found, [1, AT_ONCE, AT_ONCE, AT_ONCE, LINES - 1 - 3 * AT_ONCE]);
    assert.equal((await journal.size()).entries, 0);
  });

  it('stops when the first session fails', async () => {
    const sweep = replayer().sweep();
    await turn();
    primary.asked[0]?.answer(unavailableError('away'));
    await sweep;
    assert.equal(primary.asked.length, 1);
  });

  it('starts with different sessions on different instances', async () => {
    for (let instance = 0; instance < 20; instance += 1) {
      const sweep = replayer().sweep();
      await turn();
      primary.asked.at(-1)?.answer(unavailableError('away'));
      await sweep;
    }
    assert.equal(primary.asked.length, 20);
    assert.ok(new Set(primary.asked.map(({ session_id }) => session_id)).size > 1);
  });
});
