import assert from 'node:assert/strict';
import { expireIfDue, rollOver, terminate } from '../../src/lifecycle.ts';
import { planAppend } from '../../src/plan/append.ts';
import type { ReadView } from '../../src/plan/types.ts';
import type { AppendOperation } from '../../src/session-store.ts';
import { successorId } from '../../src/successor-id.ts';
import { newMessage } from '../../src/testing/actor.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { AT, viewOf, wanted } from '../fixtures/plans.ts';
import { messageOf, OWNER, START, sessionOf } from '../fixtures/records.ts';

const FULL = SMALL_LIMITS.messagesPerSession;
const named = sessionOf();
const { session_id } = named;
const SUCCESSOR = successorId(OWNER, session_id);
const THIRD = successorId(OWNER, SUCCESSOR);
const expired = expireIfDue(named, START + SMALL_LIMITS.idleTimeoutMs, SMALL_LIMITS);
const successor = sessionOf({ session_id: SUCCESSOR });

const message = newMessage();
const recovering: AppendOperation = {
  ...wanted(session_id),
  recover: true,
  messages: [message],
  context_limit: null,
  replay: false,
};

const applied = (view: ReadView, operation = recovering) => {
  const plan = planAppend(view, operation, AT);
  return plan.kind === 'apply' ? plan : assert.fail(`expected a plan to apply, found ${plan.kind}`);
};

describe('planAppend() to a successor', () => {
  it('fills the last place of a successor and reports the roll-over', () => {
    const nearlyFull = { ...successor, message_seq: FULL - 1 };
    const { result, messages, sessions } = applied(viewOf([{ ...named, message_seq: FULL }, nearlyFull]));
    assert.deepEqual([result.session_id, result.rolled_over, result.recovered], [SUCCESSOR, true, false]);
    assert.deepEqual(
      messages.map(({ seq }) => seq),
      [FULL],
    );
    assert.deepEqual(
      sessions.map((session) => [session.session_id, session.status, session.continued_by]),
      [
        [session_id, 'ended', SUCCESSOR],
        [SUCCESSOR, 'active', null],
      ],
    );
  });

  it('links all three sessions when the successor of an expired session is full', () => {
    const full = { ...successor, message_seq: FULL };
    const { sessions } = applied(viewOf([expired, full]));
    assert.deepEqual(
      sessions.map((session) => [session.session_id, session.continued_by]),
      [
        [session_id, SUCCESSOR],
        [SUCCESSOR, THIRD],
        [THIRD, null],
      ],
    );
  });

  it('reports stored messages as recovered in any state of their session', () => {
    const stored = messageOf({ ...message, session_id: SUCCESSOR });
    const over = terminate(successor, START);
    const howIn = (view: ReadView) => {
      const { result } = applied(view);
      return [result.session_id, result.recovered, result.rolled_over];
    };
    const linked = { ...expired, continued_by: SUCCESSOR };
    assert.deepEqual(howIn(viewOf([linked, over], [stored])), [SUCCESSOR, true, false]);
    assert.deepEqual(howIn(viewOf([over], [stored])), [SUCCESSOR, true, false]);
    const full = rollOver(named, SUCCESSOR, START);
    assert.deepEqual(howIn(viewOf([full, over], [stored])), [SUCCESSOR, false, true]);
  });
});

describe('planAppend() to an open session', () => {
  const fallbackAfter = (before: boolean, replay: boolean) =>
    applied(viewOf([{ ...named, fallback: before }]), { ...recovering, replay }).sessions[0]?.fallback;

  it('marks a session permanently that took a message during an outage', () => {
    assert.equal(fallbackAfter(false, false), false);
    assert.equal(fallbackAfter(false, true), true);
    assert.equal(fallbackAfter(true, false), true);
  });

  it('escalates a session if one of several messages requests it', () => {
    const asking = newMessage({ metadata: { escalated: true } });
    const { sessions, escalations } = applied(viewOf([named]), {
      ...recovering,
      messages: [newMessage(), asking],
    });
    assert.deepEqual([sessions[0]?.status, escalations], ['escalated', 1]);
  });
});
