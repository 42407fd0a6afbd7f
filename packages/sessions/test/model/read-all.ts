import assert from 'node:assert/strict';
import type { Status } from 'kb-sessions-contract/records';
import type { SessionView } from 'kb-sessions-contract/views';
import type { HistoryPage, SessionStore } from '../../src/session-store.ts';

/** The sessions of all pages of a list. */
export const listAll = async (
  store: SessionStore,
  { owner, limit, status }: { owner: string; limit: number; status: Status | null },
): Promise<SessionView[]> => {
  const sessions: SessionView[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.list({ owner, limit, cursor, status });
    assert.ok(page.sessions.length <= limit);
    assert.ok(page.next_cursor === null || page.next_cursor !== cursor, 'a list goes on where it was');
    sessions.push(...page.sessions);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return sessions;
};

/** The messages of all pages of a history. */
export const readHistory = async (
  store: SessionStore,
  { owner, session_id, limit }: { owner: string; session_id: string; limit: number },
): Promise<HistoryPage['messages']> => {
  const messages: HistoryPage['messages'] = [];
  let before_seq: number | null = null;
  do {
    const page = await store.history({ owner, session_id, limit, before_seq, full: true });
    assert.ok(page.next_before_seq === null || page.messages.length > 0, 'a history goes on where it was');
    messages.unshift(...page.messages);
    before_seq = page.next_before_seq;
  } while (before_seq !== null);
  return messages;
};
