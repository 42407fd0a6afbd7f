import assert from 'node:assert/strict';
import { FieldValue, Timestamp } from 'firebase-admin/firestore';
import {
  changedFields,
  decodeMessage,
  decodeSession,
  encodeRecord,
  toIncrements,
} from '../../src/firestore/codec.ts';
import { touch } from '../../src/lifecycle.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { messageOf, recentOf, START, sessionOf } from '../fixtures/records.ts';

describe('encodeRecord()', () => {
  it('converts times, including those of recent messages, to Timestamps and nothing else', () => {
    const session = sessionOf({ recent: recentOf(1, 1), conversation_summary: '2026-03-01T10:00:00.000Z' });
    const encoded = encodeRecord(session);
    const start = Timestamp.fromMillis(START);
    assert.deepEqual(encoded.created_at, start);
    assert.deepEqual(encoded.recent[0].created_at, start);
    assert.equal(encoded.ended_at, null);
    assert.equal(encoded.conversation_summary, session.conversation_summary);
    assert.deepEqual(decodeSession(encoded), session);
    const message = messageOf({ metadata: { topics: ['erf'] } });
    assert.deepEqual(decodeMessage(encodeRecord(message)), message);
  });

  it('omits undefined values, which Firestore refuses', () => {
    assert.deepEqual(encodeRecord({ status: 'active', uncounted: undefined }), { status: 'active' });
  });
});

describe('decodeSession()', () => {
  it('reads a session with malformed recent messages, so that its owner can list and end it', () => {
    const recent = [{ content: 'imported' }, { created_at: null }, { created_at: 'yesterday' }];
    assert.deepEqual(decodeSession({ recent }).recent, recent);
  });
});

describe('changedFields()', () => {
  it('returns the fields of an update without the counters', () => {
    const before = sessionOf({ message_count: 3 });
    assert.deepEqual(changedFields(before, { ...before }), {});
    const after = touch(before, START + 1000, SMALL_LIMITS);
    assert.deepEqual(Object.keys(changedFields(before, after)).sort(), ['expires_at', 'last_activity']);
  });
});

describe('toIncrements()', () => {
  it('returns increments only for changed counters', () => {
    assert.deepEqual(toIncrements({ queries: 2, messages: 0, confidence_sum: -1 }), {
      queries: FieldValue.increment(2),
      confidence_sum: FieldValue.increment(-1),
    });
  });
});
