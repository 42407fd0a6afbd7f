import assert from 'node:assert/strict';
import { planGet } from '../../src/plan/get.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { AT, viewOf, wanted } from '../fixtures/plans.ts';
import { START, sessionOf } from '../fixtures/records.ts';

const session = sessionOf();
const { session_id } = session;

describe('planGet()', () => {
  const writtenAfter = (ms: number) => {
    const plan = planGet(viewOf([session]), wanted(session_id), { ...AT, now: START + ms });
    return plan.kind === 'apply' ? plan.sessions.map(({ last_activity }) => last_activity) : null;
  };

  it('touches a session once per touch interval, but never before the interval is over', () => {
    assert.deepEqual(writtenAfter(SMALL_LIMITS.touchIntervalMs - 1), []);
    assert.deepEqual(writtenAfter(SMALL_LIMITS.touchIntervalMs), ['2026-03-01T10:01:00.000Z']);
  });

  it('touches a session after half the idle timeout, for any touch interval', () => {
    const half = SMALL_LIMITS.idleTimeoutMs / 2;
    const limits = { ...SMALL_LIMITS, touchIntervalMs: SMALL_LIMITS.idleTimeoutMs };
    const writesAfter = (ms: number) => {
      const plan = planGet(viewOf([session]), wanted(session_id), { ...AT, limits, now: START + ms });
      return plan.kind === 'apply' && plan.sessions.length;
    };
    assert.deepEqual([writesAfter(half - 1), writesAfter(half)], [0, 1]);
  });
});
