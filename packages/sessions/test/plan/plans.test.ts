import assert from 'node:assert/strict';
import { EMPTY_USER_INFO } from 'kb-sessions-contract/records';
import { messageCounters, ZERO_COUNTERS } from '../../src/counters.ts';
import { expireIfDue, rollOver, terminate } from '../../src/lifecycle.ts';
import { planCreate } from '../../src/plan/create.ts';
import { planEnd } from '../../src/plan/end.ts';
import { planEscalate } from '../../src/plan/escalate.ts';
import { planFeedback } from '../../src/plan/feedback.ts';
import { planGet } from '../../src/plan/get.ts';
import { apply, refuse } from '../../src/plan/types.ts';
import {
  messageNotFoundError,
  openSessionLimitError,
  sessionEndedError,
  sessionExpiredError,
  sessionNotFoundError,
  userErasedError,
} from '../../src/session-errors.ts';
import type { FeedbackOperation } from '../../src/session-store.ts';
import { successorId } from '../../src/successor-id.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { AT, FREE, partialView, viewOf, wanted } from '../fixtures/plans.ts';
import { messageOf, OWNER, START, STRANGER, sessionOf } from '../fixtures/records.ts';

const session = sessionOf();
const { session_id } = session;
const SUCCESSOR = successorId(OWNER, session_id);
const successor = sessionOf({ session_id: SUCCESSOR });
const LATER = { ...AT, now: START + SMALL_LIMITS.idleTimeoutMs };

describe('planCreate()', () => {
  const operation = {
    owner: OWNER,
    session_id,
    user: { ...EMPTY_USER_INFO, company: 'Acme' },
    replay: false,
  };
  const creating = (...found: Parameters<typeof viewOf>[0]) => planCreate(viewOf(found), operation, AT);

  it('opens a session of the given user in the given shard', () => {
    const plan = creating();
    const [opened] = plan.kind === 'apply' ? plan.sessions : [];
    assert.deepEqual([opened?.company, opened?.expiry_shard, opened?.status], ['Acme', 1, 'active']);
  });

  it('repeats its first answer and writes nothing', () => {
    const plan = creating(session);
    const result = plan.kind === 'apply' && plan.sessions.length === 0 ? plan.result : null;
    assert.deepEqual(result, { session_id, expires_at: session.expires_at });
  });

  it('repeats its first answer in any state of the session and refuses an id of another user', () => {
    const first = apply({ session_id, expires_at: session.expires_at });
    assert.deepEqual(creating(terminate(session, START)), first);
    assert.deepEqual(creating(rollOver(session, SUCCESSOR, START)), first);
    assert.deepEqual(planCreate(viewOf([session]), operation, LATER), first);
    assert.deepEqual(creating({ ...session, user_id: STRANGER }), refuse(sessionNotFoundError()));
  });

  it('checks first for an erasure of the user and opens nothing after one', () => {
    assert.deepEqual(planCreate(partialView({}), operation, AT), { kind: 'load', user_id: OWNER });
    const view = viewOf([session], [], { ...FREE, isErased: true });
    assert.deepEqual(planCreate(view, operation, AT), refuse(userErasedError()));
  });

  it('limits open sessions, except for repetitions, and doubles the limit for accepted operations', () => {
    const at = { ...AT, limits: { ...SMALL_LIMITS, openSessionsPerUser: 3 } };
    const creatingBeside = (openSessions: number, replay = false) =>
      planCreate(viewOf([], [], { ...FREE, openSessions }), { ...operation, replay }, at);
    assert.equal(creatingBeside(2).kind, 'apply');
    for (const openSessions of [3, 4])
      assert.deepEqual(creatingBeside(openSessions), refuse(openSessionLimitError()));
    for (const openSessions of [3, 5]) assert.equal(creatingBeside(openSessions, true).kind, 'apply');
    assert.deepEqual(creatingBeside(6, true), refuse(openSessionLimitError()));
    const full = { ...partialView({}), user: () => ({ ...FREE, openSessions: 3 }) };
    assert.deepEqual(planCreate(full, operation, at), { kind: 'load', session_id });
    const repeated = planCreate({ ...full, session: () => session }, operation, at);
    assert.deepEqual(repeated, apply({ session_id, expires_at: session.expires_at }));
  });
});

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

describe('planFeedback()', () => {
  const { uncounted: _uncounted, ...message } = messageOf({ session_id });
  const counted = { ...message, counted: messageCounters(message) };
  const operation: FeedbackOperation = {
    owner: OWNER,
    session_id,
    message_id: message.message_id,
    rating: 'positive',
    comment: null,
  };

  it('counts the rating of a counted message', () => {
    const plan = planFeedback(counted, operation);
    assert.deepEqual(plan.kind === 'apply' && plan.delta, { ...ZERO_COUNTERS, feedback_positive: 1 });
  });

  it('counts the message too when it is uncounted', () => {
    const plan = planFeedback(messageOf({ ...message, uncounted: true }), operation);
    assert.ok(plan.kind === 'apply');
    assert.deepEqual(plan.delta, { ...messageCounters(message), feedback_positive: 1 });
    assert.equal(plan.message.uncounted, undefined);
  });

  it('does nothing for the same rating and stores a new comment without counting', () => {
    const first = planFeedback(counted, operation);
    assert.ok(first.kind === 'apply');
    assert.deepEqual(planFeedback(first.message, operation), { kind: 'nothing' });
    const commented = planFeedback(first.message, { ...operation, comment: 'thanks' });
    assert.deepEqual(commented.kind === 'apply' && [commented.delta, commented.message.feedback_comment], [
      null,
      'thanks',
    ]);
  });

  it('removes the mark of a counted message', () => {
    const first = planFeedback(counted, operation);
    assert.ok(first.kind === 'apply');
    const again = planFeedback({ ...first.message, uncounted: true }, operation);
    assert.deepEqual(again, { ...first, delta: null });
  });

  it('refuses a message that is missing or belongs to another user or session', () => {
    const refused = { kind: 'refuse', error: messageNotFoundError() };
    assert.deepEqual(planFeedback(null, operation), refused);
    assert.deepEqual(planFeedback({ ...counted, user_id: STRANGER }, operation), refused);
    assert.deepEqual(planFeedback({ ...counted, session_id: SUCCESSOR }, operation), refused);
  });
});
