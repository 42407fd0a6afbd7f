import type { CallName } from 'kb-sessions-contract';
import type { Part, Path } from './parts.ts';

/** Without one of these a call is refused. */
export const REQUIRED: { [Name in CallName]: string[] } = {
  createSession: [],
  getSession: ['session_id'],
  addMessage: ['session_id', 'role', 'content'],
  addMessages: ['session_id', 'messages'],
  getHistory: ['session_id'],
  listSessions: [],
  endSession: ['session_id'],
  submitFeedback: ['session_id', 'message_id', 'rating'],
  escalateSession: ['session_id'],
  endMySessions: [],
  endUserSessions: ['user_id'],
  exportMyData: [],
  exportUserData: ['user_id'],
  deleteMyData: [],
  deleteUserData: ['user_id'],
  getActiveSessions: [],
  clearExpiredSessions: [],
  getMetrics: [],
};

/** The most that a text may have in bytes of UTF-8; the rest have room for 200. */
const MAX_BYTES: Readonly<Record<string, number>> = {
  content: 32 * 1024,
  comment: 2000,
  reason: 2000,
  user_email: 320,
  user_id: 512,
};

/** Texts of which only some are accepted: ids and choices. */
const CLOSED = new Set(['session_id', 'message_id', 'role', 'rating', 'status', 'format', 'cursor']);

/** The name of the field that a path leads to, or of the one whose items it leads to. */
const nameOf = (path: Path): string => path.findLast((key) => !/^\d+$/.test(key)) ?? '';

export const maxBytes = (path: Path): number => MAX_BYTES[nameOf(path)] ?? 200;

export const isClosed = (path: Path): boolean => CLOSED.has(nameOf(path));

export const isMetadata = ({ path }: Part): boolean => path.at(-1) === 'metadata';

/** An object of JSON, not an array. */
export const isRecord = ({ value }: Part): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
