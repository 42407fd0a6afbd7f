import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { EMPTY_USER_INFO } from 'kb-sessions-contract/records';
import {
  attributeFailure,
  carryOver,
  FAILING_GRACE_MS,
  firstAttempt,
  MAX_FAILURES,
  NO_ATTEMPTS,
  planReplay,
} from '../../src/failover/replay-policy.ts';
import type { Entry } from '../../src/journal/journal.ts';
import {
  contentionError,
  messageIdTakenError,
  openSessionLimitError,
  sessionContinuedError,
  sessionNotFoundError,
  unavailableError,
  userErasedError,
} from '../../src/session-errors.ts';
import { newMessage } from '../../src/testing/actor.ts';

const NOW = 1_000_000;
const PATIENCE_MS = 60_000;
const AT = { now: NOW, storedAt: null };
const session_id = randomUUID();
const owned = { owner: 'ann', session_id, user: EMPTY_USER_INFO, replay: false };
const messages = [newMessage()];
const entryOf = (recover: boolean): Entry => ({
  kind: 'append',
  entry_id: messages[0]?.message_id ?? '',
  accepted_at: NOW,
  operation: { ...owned, recover, context_limit: 5, messages },
});
const creation: Entry = { kind: 'create', entry_id: session_id, accepted_at: NOW, operation: owned };
const waited = { ...NO_ATTEMPTS, unknownSince: NOW - PATIENCE_MS };

describe('firstAttempt()', () => {
  it('replays an append without context and recovers only after the grace period', () => {
    for (const recover of [true, false]) {
      const attempt = firstAttempt(entryOf(recover), NO_ATTEMPTS, NOW, PATIENCE_MS);
      const operation = { ...owned, replay: true, recover: false, context_limit: null, messages };
      assert.deepEqual(attempt, { kind: 'append', operation, isGraceOver: false });
      const last = firstAttempt(entryOf(recover), waited, NOW, PATIENCE_MS);
      assert.deepEqual(last, { kind: 'append', operation: { ...operation, recover }, isGraceOver: true });
      const tooSoon = { ...waited, unknownSince: waited.unknownSince + 1 };
      assert.deepEqual(firstAttempt(entryOf(recover), tooSoon, NOW, PATIENCE_MS), attempt);
    }
  });

  it('marks a creation as a replay', () => {
    assert.deepEqual(firstAttempt(creation, NO_ATTEMPTS, NOW, PATIENCE_MS), {
      kind: 'create',
      operation: { ...owned, replay: true },
    });
  });
});

describe('planReplay()', () => {
  const attempt = firstAttempt(entryOf(true), NO_ATTEMPTS, NOW, PATIENCE_MS);

  it('waits for an unknown session and refuses at the end of the grace period', () => {
    const wait = { kind: 'wait', retry: { ...NO_ATTEMPTS, unknownSince: NOW } };
    assert.deepEqual(planReplay(attempt, sessionNotFoundError(), NO_ATTEMPTS, AT), wait);
    assert.deepEqual(planReplay(attempt, sessionNotFoundError(), wait.retry, { ...AT, now: NOW + 5 }), wait);
    const last = firstAttempt(entryOf(true), waited, NOW, PATIENCE_MS);
    assert.deepEqual(planReplay(last, sessionNotFoundError(), waited, AT), {
      kind: 'refuse',
      reason: 'not-found',
    });
  });

  it('refuses a creation with a foreign id, an erased user and a taken id at once', () => {
    const create = firstAttempt(creation, NO_ATTEMPTS, NOW, PATIENCE_MS);
    assert.deepEqual(planReplay(create, sessionNotFoundError(), NO_ATTEMPTS, AT), {
      kind: 'refuse',
      reason: 'not-found',
    });
    assert.deepEqual(planReplay(attempt, userErasedError(), NO_ATTEMPTS, AT), {
      kind: 'refuse',
      reason: 'erased',
    });
    assert.deepEqual(planReplay(attempt, messageIdTakenError(), NO_ATTEMPTS, AT), {
      kind: 'refuse',
      reason: 'invalid',
    });
  });

  it('follows a continued session', () => {
    const next = randomUUID();
    const plan = planReplay(attempt, sessionContinuedError(next), NO_ATTEMPTS, AT);
    assert.deepEqual(plan, {
      kind: 'follow',
      attempt: { ...attempt, operation: { ...attempt.operation, session_id: next } },
    });
  });

  it('waits for a bounded time while the user has too many open sessions', () => {
    const wait = { kind: 'wait', retry: { ...NO_ATTEMPTS, overLimitSince: NOW } };
    assert.deepEqual(planReplay(attempt, openSessionLimitError(), NO_ATTEMPTS, AT), wait);
    const last = NOW + FAILING_GRACE_MS;
    assert.deepEqual(
      planReplay(attempt, openSessionLimitError(), wait.retry, { ...AT, now: last - 1 }),
      wait,
    );
    const refusal = { kind: 'refuse', reason: 'open_sessions' };
    assert.deepEqual(planReplay(attempt, openSessionLimitError(), wait.retry, { ...AT, now: last }), refusal);
  });

  it('waits after lost races, unavailability and unknown errors', () => {
    assert.deepEqual(planReplay(attempt, contentionError(null), NO_ATTEMPTS, AT), {
      kind: 'wait',
      retry: NO_ATTEMPTS,
    });
    for (const error of [unavailableError(null), new Error('INVALID_ARGUMENT')]) {
      const retry = { ...NO_ATTEMPTS, failingSince: NOW, failedAt: NOW };
      assert.deepEqual(planReplay(attempt, error, NO_ATTEMPTS, AT), { kind: 'wait', retry });
    }
  });
});

describe('attributeFailure()', () => {
  /** So many failures, a minute apart; `stores`: the primary takes what others write in between. */
  const after = (times: number, stores: boolean): ReturnType<typeof attributeFailure> => {
    let verdict: ReturnType<typeof attributeFailure> = { kind: 'wait', retry: NO_ATTEMPTS };
    for (let each = 0; each < times && verdict.kind === 'wait'; each += 1) {
      const now = NOW + each * 60_000;
      verdict = attributeFailure(verdict.retry, now, stores ? now - 1 : NOW - 1);
    }
    return verdict;
  };

  it('attributes no failure to an entry while the primary accepts no writes', () => {
    const verdict = after(100, false);
    assert.ok(verdict.kind === 'wait');
    assert.equal(verdict.retry.failures, 0);
    assert.equal(attributeFailure({ ...NO_ATTEMPTS, failedAt: NOW }, NOW + 1, null).kind, 'wait');
  });

  it('refuses an entry only after enough failures over enough time while others succeeded', () => {
    assert.equal(after(MAX_FAILURES, true).kind, 'wait');
    assert.deepEqual(after(MAX_FAILURES + 1, true), { kind: 'refuse', reason: 'failing' });
    const often = { ...NO_ATTEMPTS, failures: MAX_FAILURES, failingSince: NOW, failedAt: NOW };
    assert.equal(attributeFailure(often, NOW + FAILING_GRACE_MS - 1, NOW + 1).kind, 'wait');
    assert.equal(attributeFailure(often, NOW + FAILING_GRACE_MS, NOW + 1).kind, 'refuse');
  });
});

describe('carryOver()', () => {
  it('passes the waiting time of an entry on to the next one of its session, but not its failures', () => {
    for (const known of [waited, { ...NO_ATTEMPTS, overLimitSince: NOW }])
      assert.deepEqual(carryOver({ ...known, failures: 3, failingSince: 1, failedAt: 2 }), known);
    assert.equal(carryOver({ ...NO_ATTEMPTS, failures: 3, failingSince: 1 }), NO_ATTEMPTS);
  });
});
