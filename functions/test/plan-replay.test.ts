import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  idIsTaken,
  isContinued,
  isUnavailable,
  lostEveryRace,
  notFound,
  tooManyOpen,
  wasErased,
} from '../src/session/errors.ts';
import type { Entry } from '../src/session/fallback/journal.ts';
import {
  afterThat,
  FAILING_PATIENCE_MS,
  firstAttempt,
  MAX_FAILURES,
  planBlame,
  planReplay,
  UNTRIED,
} from '../src/session/fallback/plan-replay.ts';
import { NOBODY } from '../src/session/records.ts';
import { newMessage } from './support/actor.ts';

const NOW = 1_000_000;
const PATIENCE_MS = 60_000;
const AT = { now: NOW, storedAt: null };
const session_id = randomUUID();
const owned = { owner: 'ann', session_id, user: NOBODY, replay: false };
const messages = [newMessage()];
const entryOf = (recover: boolean): Entry => ({
  kind: 'append',
  entry_id: messages[0]?.message_id ?? '',
  accepted_at: NOW,
  operation: { ...owned, recover, context_limit: 5, messages },
});
const creation: Entry = { kind: 'create', entry_id: session_id, accepted_at: NOW, operation: owned };
const waited = { ...UNTRIED, unknownSince: NOW - PATIENCE_MS };

describe('firstAttempt()', () => {
  it('offers an append as a replay, without context, and recovers only when it has waited', () => {
    for (const recover of [true, false]) {
      const attempt = firstAttempt(entryOf(recover), UNTRIED, NOW, PATIENCE_MS);
      const operation = { ...owned, replay: true, recover: false, context_limit: null, messages };
      assert.deepEqual(attempt, { kind: 'append', operation, hasWaited: false });
      const last = firstAttempt(entryOf(recover), waited, NOW, PATIENCE_MS);
      assert.deepEqual(last, { kind: 'append', operation: { ...operation, recover }, hasWaited: true });
      const tooSoon = { ...waited, unknownSince: waited.unknownSince + 1 };
      assert.deepEqual(firstAttempt(entryOf(recover), tooSoon, NOW, PATIENCE_MS), attempt);
    }
  });

  it('offers a creation as a replay', () => {
    assert.deepEqual(firstAttempt(creation, UNTRIED, NOW, PATIENCE_MS), {
      kind: 'create',
      operation: { ...owned, replay: true },
    });
  });
});

describe('planReplay()', () => {
  const attempt = firstAttempt(entryOf(true), UNTRIED, NOW, PATIENCE_MS);

  it('waits where the session is unknown, counting from the first time, and refuses when it has waited', () => {
    const wait = { kind: 'wait', tried: { ...UNTRIED, unknownSince: NOW } };
    assert.deepEqual(planReplay(attempt, notFound(), UNTRIED, AT), wait);
    assert.deepEqual(planReplay(attempt, notFound(), wait.tried, { ...AT, now: NOW + 5 }), wait);
    const last = firstAttempt(entryOf(true), waited, NOW, PATIENCE_MS);
    assert.deepEqual(planReplay(last, notFound(), waited, AT), { kind: 'refuse', reason: 'not-found' });
  });

  it('refuses at once a creation whose id is somebody else’s, an erased user and a taken id', () => {
    const create = firstAttempt(creation, UNTRIED, NOW, PATIENCE_MS);
    assert.deepEqual(planReplay(create, notFound(), UNTRIED, AT), { kind: 'refuse', reason: 'not-found' });
    assert.deepEqual(planReplay(attempt, wasErased(), UNTRIED, AT), { kind: 'refuse', reason: 'erased' });
    assert.deepEqual(planReplay(attempt, idIsTaken(), UNTRIED, AT), { kind: 'refuse', reason: 'invalid' });
  });

  it('follows a session that is continued', () => {
    const next = randomUUID();
    const plan = planReplay(attempt, isContinued(next), UNTRIED, AT);
    assert.deepEqual(plan, {
      kind: 'follow',
      attempt: { ...attempt, operation: { ...attempt.operation, session_id: next } },
    });
  });

  it('waits while there are too many open sessions, counting from the first time, but not for ever', () => {
    const wait = { kind: 'wait', tried: { ...UNTRIED, crowdedSince: NOW } };
    assert.deepEqual(planReplay(attempt, tooManyOpen(), UNTRIED, AT), wait);
    const last = NOW + FAILING_PATIENCE_MS;
    assert.deepEqual(planReplay(attempt, tooManyOpen(), wait.tried, { ...AT, now: last - 1 }), wait);
    const refusal = { kind: 'refuse', reason: 'open_sessions' };
    assert.deepEqual(planReplay(attempt, tooManyOpen(), wait.tried, { ...AT, now: last }), refusal);
  });

  it('waits after lost races, and after what is unavailable or not understood', () => {
    assert.deepEqual(planReplay(attempt, lostEveryRace(null), UNTRIED, AT), { kind: 'wait', tried: UNTRIED });
    for (const error of [isUnavailable(null), new Error('INVALID_ARGUMENT')]) {
      const tried = { ...UNTRIED, failingSince: NOW, failedAt: NOW };
      assert.deepEqual(planReplay(attempt, error, UNTRIED, AT), { kind: 'wait', tried });
    }
  });
});

describe('planBlame()', () => {
  /** So many failures, a minute apart; `stores`: the primary takes what others write in between. */
  const after = (times: number, stores: boolean): ReturnType<typeof planBlame> => {
    let verdict: ReturnType<typeof planBlame> = { kind: 'wait', tried: UNTRIED };
    for (let each = 0; each < times && verdict.kind === 'wait'; each += 1) {
      const now = NOW + each * 60_000;
      verdict = planBlame(verdict.tried, now, stores ? now - 1 : NOW - 1);
    }
    return verdict;
  };

  it('blames nothing on an entry while the primary takes no writes, readable or not', () => {
    const verdict = after(100, false);
    assert.ok(verdict.kind === 'wait');
    assert.equal(verdict.tried.failures, 0);
    assert.equal(planBlame({ ...UNTRIED, failedAt: NOW }, NOW + 1, null).kind, 'wait');
  });

  it('refuses what has failed often enough and for long enough while others were stored, and not before', () => {
    assert.equal(after(MAX_FAILURES, true).kind, 'wait');
    assert.deepEqual(after(MAX_FAILURES + 1, true), { kind: 'refuse', reason: 'failing' });
    const often = { ...UNTRIED, failures: MAX_FAILURES, failingSince: NOW, failedAt: NOW };
    assert.equal(planBlame(often, NOW + FAILING_PATIENCE_MS - 1, NOW + 1).kind, 'wait');
    assert.equal(planBlame(often, NOW + FAILING_PATIENCE_MS, NOW + 1).kind, 'refuse');
  });
});

describe('afterThat()', () => {
  it('lets the next entry of a line have waited with the first, and blames nothing on it', () => {
    for (const known of [waited, { ...UNTRIED, crowdedSince: NOW }])
      assert.deepEqual(afterThat({ ...known, failures: 3, failingSince: 1, failedAt: 2 }), known);
    assert.equal(afterThat({ ...UNTRIED, failures: 3, failingSince: 1 }), UNTRIED);
  });
});
