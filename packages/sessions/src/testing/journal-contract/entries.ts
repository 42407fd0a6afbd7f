import { randomUUID } from 'node:crypto';
import type { Entry, SessionKey } from '../../journal/journal.ts';
import type { NewMessage } from '../../session-store.ts';
import { newMessage, SOMEBODY } from '../actor.ts';

const ACCEPTED_AT = Date.parse('2026-03-01T12:00:00.000Z');

/** A new session key. */
export const newLine = (owner = 'ann'): SessionKey => ({ owner, session_id: randomUUID() });

/** An entry that creates the session of a session key. */
export const creation = (line: SessionKey): Entry => ({
  kind: 'create',
  entry_id: line.session_id,
  accepted_at: ACCEPTED_AT,
  operation: { ...line, user: SOMEBODY, replay: false },
});

/** An entry that appends these messages, or one new message. */
export const appending = (line: SessionKey, messages: NewMessage[] = [newMessage()]): Entry => ({
  kind: 'append',
  entry_id: messages[0]?.message_id ?? '',
  accepted_at: ACCEPTED_AT,
  operation: { ...line, user: SOMEBODY, replay: false, recover: true, messages, context_limit: null },
});

/** Entries of one session key, each with one new message. */
export const appendings = (line: SessionKey, count: number): Entry[] =>
  Array.from({ length: count }, () => appending(line));

/** The ids of entries. */
export const entryIds = (entries: readonly Entry[]): string[] => entries.map(({ entry_id }) => entry_id);
