import assert from 'node:assert/strict';
import { messageCounters, ZERO_COUNTERS } from '../../src/counters.ts';
import { planFeedback } from '../../src/plan/feedback.ts';
import { messageNotFoundError } from '../../src/session-errors.ts';
import type { FeedbackOperation } from '../../src/session-store.ts';
import { successorId } from '../../src/successor-id.ts';
import { messageOf, OWNER, STRANGER, sessionOf } from '../fixtures/records.ts';

const session = sessionOf();
const { session_id } = session;
const SUCCESSOR = successorId(OWNER, session_id);

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
