import assert from 'node:assert/strict';
import { mock } from 'node:test';
import {
  type BreakerState,
  type CircuitBreakerStore,
  withCircuitBreaker,
} from '../../src/failover/circuit-breaker-store.ts';
import { MemoryStore } from '../../src/memory/memory-store.ts';
import { sessionNotFoundError, unavailableError } from '../../src/session-errors.ts';
import type { HistoryOperation, HistoryPage } from '../../src/session-store.ts';
import { assertFails, assertNotFound } from '../../src/testing/assert-fails.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';

const FAILURES = 3;
const PROBE_AFTER_MS = 5000;
const operation: HistoryOperation = {
  owner: 'ann',
  session_id: 's',
  limit: 1,
  before_seq: null,
  full: false,
};
const found: HistoryPage = { session_id: 's', messages: [], next_before_seq: null, complete: true };

/** A store whose history answers as it is told, and counts how often it was asked. */
class Told extends MemoryStore {
  asked = 0;
  answer: () => Promise<HistoryPage> = async () => found;

  override history(): Promise<HistoryPage> {
    this.asked += 1;
    return this.answer();
  }
}

describe('withCircuitBreaker()', () => {
  let store: Told;
  let guarded: CircuitBreakerStore;
  let states: BreakerState[];

  beforeEach(() => {
    mock.timers.enable({ apis: ['Date'], now: 0 });
    store = new Told({ limits: SMALL_LIMITS });
    states = [];
    const onChange = (state: BreakerState) => states.push(state);
    guarded = withCircuitBreaker(store, { failures: FAILURES, probeAfterMs: PROBE_AFTER_MS, onChange });
  });
  afterEach(() => mock.timers.reset());

  const away = async (): Promise<HistoryPage> => {
    throw unavailableError('the network');
  };
  const ask = () => guarded.history(operation);
  const unavailable = () => assertFails(ask(), 'unavailable', {});
  const open = async () => {
    store.answer = away;
    for (let failure = 0; failure < FAILURES; failure += 1) await unavailable();
    assert.equal(guarded.state, 'open');
  };

  it('opens after the configured number of consecutive failures and then stops calling the store', async () => {
    await open();
    for (let call = 0; call < 10; call += 1) await unavailable();
    assert.equal(store.asked, FAILURES);
    assert.deepEqual(states, ['open']);
  });

  it('passes any other failure on and resets the failure count', async () => {
    for (let round = 0; round < 3; round += 1) {
      store.answer = away;
      for (let failure = 1; failure < FAILURES; failure += 1) await unavailable();
      store.answer = async () => {
        throw sessionNotFoundError();
      };
      await assertNotFound(ask());
    }
    assert.equal(guarded.state, 'closed');
  });

  it('probes the store with one operation at a time and rejects the others at once', async () => {
    await open();
    mock.timers.tick(PROBE_AFTER_MS - 1);
    await unavailable();
    assert.equal(store.asked, FAILURES);
    mock.timers.tick(1);
    const answer = Promise.withResolvers<HistoryPage>();
    store.answer = () => answer.promise;
    const probe = ask();
    assert.equal(guarded.state, 'probing');
    for (let call = 0; call < 5; call += 1) await unavailable();
    assert.equal(store.asked, FAILURES + 1);
    answer.resolve(found);
    assert.equal(await probe, found);
    assert.equal(guarded.state, 'closed');
    assert.equal(await ask(), found);
    assert.deepEqual(states, ['open', 'probing', 'closed']);
  });

  it('stays open after a failed probe and closes after any answer to a probe', async () => {
    await open();
    mock.timers.tick(PROBE_AFTER_MS);
    await unavailable();
    assert.equal(guarded.state, 'open');
    await unavailable();
    assert.equal(store.asked, FAILURES + 1);
    mock.timers.tick(PROBE_AFTER_MS);
    store.answer = async () => {
      throw sessionNotFoundError();
    };
    await assertNotFound(ask());
    assert.equal(guarded.state, 'closed');
  });
});
