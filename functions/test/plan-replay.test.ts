import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  idIsTaken,
  isContinued,
  isUnavailable,
  lostEveryRace,
  notFound,
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
    assert.deepEqual(planReplay(attempt, notFound(), UNTRIED, NOW), wait);
    assert.deepEqual(planReplay(attempt, notFound(), wait.tried, NOW + 5), wait);
    const last = firstAttempt(entryOf(true), waited, NOW, PATIENCE_MS);
    assert.deepEqual(planReplay(last, notFound(), waited, NOW), { kind: 'refuse', reason: 'not-found' });
  });

  it('refuses at once a creation whose id is somebody else’s, an erased user and a taken id', () => {
    const create = firstAttempt(creation, UNTRIED, NOW, PATIENCE_MS);
    assert.deepEqual(planReplay(create, notFound(), UNTRIED, NOW), { kind: 'refuse', reason: 'not-found' });
    assert.deepEqual(planReplay(attempt, wasErased(), UNTRIED, NOW), { kind: 'refuse', reason: 'erased' });
    assert.deepEqual(planReplay(attempt, idIsTaken(), UNTRIED, NOW), { kind: 'refuse', reason: 'invalid' });
  });

  it('follows a session that is continued', () => {
    const next = randomUUID();
    const plan = planReplay(attempt, isContinued(next), UNTRIED, NOW);
    assert.deepEqual(plan, {
      kind: 'follow',
      attempt: { ...attempt, operation: { ...attempt.operation, session_id: next } },
    });
  });

  it('waits after lost races, and doubts what is unavailable or not understood', () => {
    assert.deepEqual(planReplay(attempt, lostEveryRace(null), UNTRIED, NOW), {
      kind: 'wait',
      tried: UNTRIED,
    });
    for (const error of [isUnavailable(null), new Error('INVALID_ARGUMENT')])
      assert.deepEqual(planReplay(attempt, error, UNTRIED, NOW), { kind: 'doubt' });
  });
});

describe('planBlame()', () => {
  it('blames nothing on an entry while the primary is away', () => {
    const tried = { ...UNTRIED, failures: MAX_FAILURES, failingSince: 0 };
    assert.deepEqual(planBlame(tried, false, NOW), { kind: 'wait', tried });
  });

  it('refuses what has failed often enough and for long enough, and not before', () => {
    let tried = UNTRIED;
    for (let failures = 1; failures < 2 * MAX_FAILURES; failures += 1) {
      const verdict = planBlame(tried, true, NOW + failures);
      assert.ok(verdict.kind === 'wait');
      tried = verdict.tried;
    }
    assert.equal(tried.failingSince, NOW + 1);
    const late = NOW + 1 + FAILING_PATIENCE_MS;
    assert.deepEqual(planBlame(tried, true, late), { kind: 'refuse', reason: 'failing' });
    const seldom = { ...tried, failures: MAX_FAILURES - 2 };
    assert.equal(planBlame(seldom, true, late).kind, 'wait');
  });
});

describe('afterThat()', () => {
  it('lets the next entry of a line have waited with the first, and blames nothing on it', () => {
    assert.deepEqual(afterThat({ ...waited, failures: 3, failingSince: 1 }), waited);
    assert.equal(afterThat({ ...UNTRIED, failures: 3, failingSince: 1 }), UNTRIED);
  });
});
