import assert from 'node:assert/strict';
import { expireIfDue, terminate } from '../../src/lifecycle.ts';
import { planEscalate } from '../../src/plan/escalate.ts';
import { refuse } from '../../src/plan/types.ts';
import { sessionEndedError, sessionExpiredError } from '../../src/session-errors.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { AT, viewOf, wanted } from '../fixtures/plans.ts';
import { START, sessionOf } from '../fixtures/records.ts';

const session = sessionOf();
const { session_id } = session;
const LATER = { ...AT, now: START + SMALL_LIMITS.idleTimeoutMs };

describe('planEscalate()', () => {
  const escalating = (...found: Parameters<typeof viewOf>[0]) =>
    planEscalate(viewOf(found), { ...wanted(session_id), reason: 'angry' }, AT);

  it('escalates a session and stores the reason', () => {
    const plan = escalating(session);
    const [after] = plan.kind === 'apply' ? plan.sessions : [];
    assert.deepEqual(
      [after?.status, after?.escalations, after?.escalation_reason],
      ['escalated', 1, 'angry'],
    );
  });

  it('writes nothing for an escalated session', () => {
    const plan = escalating(sessionOf({ session_id, status: 'escalated' }));
    assert.deepEqual(plan.kind === 'apply' && [plan.sessions, plan.escalations], [[], 0]);
  });

  it('refuses a session that is over', () => {
    assert.deepEqual(escalating(terminate(session, START)), refuse(sessionEndedError()));
    assert.deepEqual(
      escalating(expireIfDue(session, LATER.now, SMALL_LIMITS)),
      refuse(sessionExpiredError()),
    );
  });
});
