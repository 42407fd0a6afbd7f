import assert from 'node:assert/strict';
import { expireIfDue, rollOver, terminate } from '../../src/lifecycle.ts';
import { planEnd } from '../../src/plan/end.ts';
import { refuse } from '../../src/plan/types.ts';
import { sessionNotFoundError } from '../../src/session-errors.ts';
import { successorId } from '../../src/successor-id.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { AT, partialView, viewOf, wanted } from '../fixtures/plans.ts';
import { OWNER, START, STRANGER, sessionOf } from '../fixtures/records.ts';

const session = sessionOf();
const { session_id } = session;
const SUCCESSOR = successorId(OWNER, session_id);
const successor = sessionOf({ session_id: SUCCESSOR });
const LATER = { ...AT, now: START + SMALL_LIMITS.idleTimeoutMs };

describe('planEnd()', () => {
  const ending = (found: Parameters<typeof viewOf>[0], at = AT) =>
    planEnd(viewOf(found), wanted(session_id), at);
  const statusOf = (...parameters: Parameters<typeof ending>) => {
    const plan = ending(...parameters);
    assert.ok(plan.kind === 'apply');
    return { ...plan.result, writes: plan.sessions.length };
  };

  it('ends an open session and returns the status of a finished one', () => {
    assert.deepEqual(statusOf([session]), { session_id, status: 'ended', writes: 1 });
    assert.deepEqual(statusOf([terminate(session, START)]), { session_id, status: 'ended', writes: 0 });
    const swept = expireIfDue(session, LATER.now, SMALL_LIMITS);
    assert.deepEqual(statusOf([swept], LATER), { session_id, status: 'expired', writes: 0 });
    // Or an append that read it before could still revive what was answered to have expired.
    assert.deepEqual(statusOf([session], LATER), { session_id, status: 'expired', writes: 1 });
  });

  it('ends the successor of a rolled-over session', () => {
    const found = [rollOver(session, SUCCESSOR, START), successor];
    assert.deepEqual(statusOf(found), { session_id: SUCCESSOR, status: 'ended', writes: 1 });
  });

  it('rejects a session that is missing or foreign as not-found', () => {
    assert.deepEqual(ending([]), refuse(sessionNotFoundError()));
    assert.deepEqual(ending([{ ...session, user_id: STRANGER }]), refuse(sessionNotFoundError()));
  });

  it('reads the successor of a rolled-over session and rejects a missing or foreign one', () => {
    const full = rollOver(session, SUCCESSOR, START);
    const unread = planEnd(partialView({ [session_id]: full }), wanted(session_id), AT);
    assert.deepEqual(unread, { kind: 'load', session_id: SUCCESSOR });
    assert.deepEqual(ending([full]), refuse(sessionNotFoundError()));
    assert.deepEqual(ending([full, { ...successor, user_id: STRANGER }]), refuse(sessionNotFoundError()));
  });
});
