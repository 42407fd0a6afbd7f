import assert from 'node:assert/strict';
import { messageOf, recentOf, START, sessionOf } from '../../sessions/test/fixtures/records.ts';
import {
  historyMessageSchema,
  memoryMetadataSchema,
  sessionViewSchema,
  toHistoryMessage,
  toSessionView,
} from '../src/views.ts';

describe('toSessionView()', () => {
  const session = sessionOf({
    recent: recentOf(1, 2),
    confidence_sum: 15_000,
    confidence_count: 2,
    message_count: 2,
    status: 'ended',
    ended_at: new Date(START).toISOString(),
    end_reason: 'user',
  });

  it('returns the view of the contract with the average confidence', () => {
    const view = toSessionView(session);
    assert.deepEqual(sessionViewSchema.parse(view), view);
    assert.equal(view.avg_confidence, 0.75);
    assert.equal(view.message_count, 2);
    assert.equal(view.end_reason, 'user');
  });

  it('omits the internal fields of the stores', () => {
    const fields = Object.keys(toSessionView(session));
    for (const kept of [
      'recent',
      'expiry_shard',
      'confidence_sum',
      'confidence_count',
      'uncounted',
      'purge_at',
      'schema_version',
    ]) {
      assert.ok(!fields.includes(kept), kept);
    }
  });
});

describe('toHistoryMessage()', () => {
  const message = messageOf({ metadata: { intent: 'ask' }, feedback: 'negative', feedback_comment: 'wrong' });
  const { message_id, seq, role, content, created_at } = message;
  const brief = { message_id, seq, role, content, created_at };

  it('returns five fields, and with full all other owner-visible ones', () => {
    assert.deepEqual(toHistoryMessage(message, false), brief);
    const full = toHistoryMessage(message, true);
    const rest = {
      metadata: { intent: 'ask' },
      feedback: 'negative',
      feedback_comment: 'wrong',
      replayed: false,
    };
    assert.deepEqual(full, { ...brief, ...rest });
    assert.deepEqual(historyMessageSchema.parse(full), full);
  });
});

describe('memoryMetadataSchema', () => {
  it('has four fields, one of which marks the session as stored in memory', () => {
    const metadata = { total_queries: 2, collections_used: ['faq'], escalated: false, fallback: true };
    assert.deepEqual(memoryMetadataSchema.parse(metadata), metadata);
    for (const other of [{}, { ...metadata, fallback: false }, { ...metadata, content: 'what is an erf?' }])
      assert.ok(!memoryMetadataSchema.safeParse(other).success);
  });
});
