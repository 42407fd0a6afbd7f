import assert from 'node:assert/strict';
import { EMPTY_USER_INFO } from 'kb-sessions-contract/records';
import { toIsoTime } from '../../src/clock.ts';
import { applyEntry, newestHistoryPage, projectSession } from '../../src/failover/project-session.ts';
import type { Entry } from '../../src/journal/journal.ts';
import type { NewMessage } from '../../src/session-store.ts';
import { newMessage, newMessages } from '../../src/testing/actor.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { OWNER, recentOf, START, sessionOf } from '../fixtures/records.ts';

const MINUTE_MS = 60_000;
const session = sessionOf({ message_seq: 2, message_count: 2, total_queries: 1, recent: recentOf(1, 2) });
const owned = { owner: OWNER, session_id: session.session_id, user: EMPTY_USER_INFO, replay: false };

const appended = (messages: NewMessage[], minute = 1): Entry => ({
  kind: 'append',
  entry_id: messages[0]?.message_id ?? '',
  accepted_at: START + minute * MINUTE_MS,
  operation: { ...owned, recover: false, context_limit: null, messages },
});
const created: Entry = {
  kind: 'create',
  entry_id: session.session_id,
  accepted_at: START,
  operation: { ...owned, user: { ...EMPTY_USER_INFO, company: 'Acme' } },
};

describe('projectSession()', () => {
  it('returns the session of the primary when nothing is pending', () => {
    const { record, recent, isComplete, metadata } = projectSession(session, [], SMALL_LIMITS);
    assert.deepEqual(record, { ...session, fallback: true });
    assert.deepEqual([recent, isComplete], [session.recent, true]);
    assert.deepEqual(metadata, {
      total_queries: 1,
      collections_used: [],
      escalated: false,
      fallback: true,
    });
  });

  it('includes pending messages without a seq, counts them and extends the session', () => {
    const messages = [newMessage(), newMessage({ role: 'assistant' })];
    const { record, recent, isComplete } = projectSession(session, [appended(messages, 5)], SMALL_LIMITS);
    assert.deepEqual([record?.message_count, record?.total_queries], [4, 2]);
    assert.equal(record?.last_activity, toIsoTime(START + 5 * MINUTE_MS));
    assert.deepEqual(
      recent.map(({ seq }) => seq),
      [1, 2, null, null],
    );
    assert.equal(recent[3]?.created_at, toIsoTime(START + 5 * MINUTE_MS));
    assert.equal(isComplete, true);
  });

  it('keeps only the newest messages and marks the result as incomplete', () => {
    const waiting = newMessages(SMALL_LIMITS.recentMessages);
    const { recent, isComplete } = projectSession(session, [appended(waiting)], SMALL_LIMITS);
    assert.deepEqual(
      recent.map(({ message_id }) => message_id),
      waiting.map(({ message_id }) => message_id),
    );
    assert.equal(isComplete, false);
  });

  it('shows a message once that is both pending and stored', () => {
    const [stored] = session.recent;
    assert.ok(stored);
    const again = newMessage({ message_id: stored.message_id, content: stored.content });
    const { record, recent } = projectSession(session, [appended([again])], SMALL_LIMITS);
    assert.deepEqual([recent, record?.message_count], [session.recent, 2]);
  });

  it('returns a new session for a pending creation', () => {
    const { record, metadata, isComplete } = projectSession(
      null,
      [created, appended(newMessages(1))],
      SMALL_LIMITS,
    );
    assert.deepEqual([record?.company, record?.message_seq, record?.message_count], ['Acme', 0, 1]);
    assert.deepEqual([metadata.total_queries, isComplete], [1, true]);
  });

  it('returns no record of a session that was never read', () => {
    const { record, recent, isComplete } = projectSession(null, [appended(newMessages(1))], SMALL_LIMITS);
    assert.deepEqual([record, recent.length, isComplete], [null, 1, false]);
  });

  it('lists every used collection once and reports a pending escalation', () => {
    const messages = [
      newMessage({ metadata: { collections_used: ['deeds', 'plans'] } }),
      newMessage({ metadata: { collections_used: ['plans'], escalated: true } }),
    ];
    const { record, metadata } = projectSession(session, [appended(messages)], SMALL_LIMITS);
    assert.deepEqual([record?.status, record?.escalations], ['escalated', 1]);
    assert.deepEqual([metadata.collections_used, metadata.escalated], [['deeds', 'plans'], true]);
  });
});

describe('applyEntry()', () => {
  it('returns the projection of the session with that entry', () => {
    const [stored] = session.recent;
    assert.ok(stored);
    const again = newMessage({ message_id: stored.message_id, content: stored.content });
    const one = appended(newMessages(1));
    const many = appended(newMessages(SMALL_LIMITS.recentMessages - 2));
    const added = [appended([again]), appended([again, newMessage()]), appended(newMessages(2), 7)];
    for (const seen of [session, sessionOf({ continues: 'another' }), null])
      for (const entries of [[], [created], [one], [many], [one, many]])
        for (const entry of added) {
          const { recent, isComplete } = projectSession(seen, [...entries, entry], SMALL_LIMITS);
          const before = projectSession(seen, entries, SMALL_LIMITS);
          assert.deepEqual(applyEntry(before, entry, SMALL_LIMITS), { recent, isComplete });
        }
  });
});

describe('newestHistoryPage()', () => {
  const ALL = { limit: 50, full: false };

  it('places pending messages after numbered ones and returns all owner-visible fields on request', () => {
    const message = newMessage({ metadata: { intent: 'size' } });
    const numbered = recentOf(1, 2);
    const entries = [created, appended([message])];
    const { messages, next_before_seq } = newestHistoryPage(numbered, entries, ALL);
    const { message_id, role, content, metadata } = message;
    const five = { message_id, seq: null, role, content, created_at: toIsoTime(START + MINUTE_MS) };
    assert.deepEqual([messages, next_before_seq], [[...numbered, five], null]);
    const [, , full] = newestHistoryPage(numbered, entries, { ...ALL, full: true }).messages;
    assert.deepEqual(full, { ...five, metadata, feedback: null, feedback_comment: null, replayed: false });
  });

  it('returns the cursor of the previous page for any content', () => {
    const page = (numbered: number, waiting: number, limit: number) => {
      const entries = waiting > 0 ? [appended(newMessages(waiting))] : [];
      const { messages, next_before_seq } = newestHistoryPage(recentOf(1, numbered), entries, {
        limit,
        full: false,
      });
      return [messages.map(({ seq }) => seq), next_before_seq];
    };
    assert.deepEqual(page(3, 0, 5), [[1, 2, 3], null]);
    assert.deepEqual(page(3, 0, 2), [[2, 3], 2]);
    assert.deepEqual(page(3, 2, 3), [[3, null, null], 3]);
    assert.deepEqual(page(3, 2, 2), [[null, null], 4]);
    assert.deepEqual(page(3, 5, 2), [[null, null], 4]);
    assert.deepEqual(page(0, 3, 2), [[null, null], null]);
    assert.deepEqual(newestHistoryPage(recentOf(5, 6), [], ALL).next_before_seq, 5);
  });
});
