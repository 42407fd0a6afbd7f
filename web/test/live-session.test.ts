import assert from 'node:assert/strict';
import { Timestamp } from 'firebase/firestore';
import { liveSession } from '../src/live-session.ts';

const now = Date.UTC(2026, 0, 1);
const message = { message_id: 'a', seq: 1, role: 'user', content: 'erf?' };
const data = {
  status: 'active',
  expires_at: Timestamp.fromMillis(now + 1),
  message_count: 2,
  total_queries: 1,
  confidence_sum: 17_000,
  confidence_count: 2,
  escalations: 0,
  feedback_positive: 1,
  feedback_negative: 0,
  recent: [{ ...message, created_at: Timestamp.fromMillis(now) }],
};

describe('liveSession()', () => {
  it('returns the counters, the average confidence and the newest messages', () => {
    assert.deepEqual(liveSession(data, now), {
      status: 'active',
      counters: {
        message_count: 2,
        total_queries: 1,
        avg_confidence: 0.85,
        escalations: 0,
        feedback_positive: 1,
        feedback_negative: 0,
      },
      messages: [{ ...message, created_at: '2026-01-01T00:00:00.000Z' }],
    });
  });

  it('returns no average without an answer that has a confidence', () => {
    const { counters } = liveSession({ ...data, confidence_sum: 0, confidence_count: 0 }, now);
    assert.equal(counters.avg_confidence, null);
  });

  it('treats an open session past its expires_at as expired, swept or not', () => {
    assert.equal(liveSession(data, now + 1).status, 'expired');
    assert.equal(liveSession({ ...data, status: 'ended' }, now + 1).status, 'ended');
  });
});
