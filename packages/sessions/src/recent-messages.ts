import {
  type Message,
  RECENT_MAX_BYTES,
  type RecentMessage,
  type Session,
} from 'kb-sessions-contract/records';
import { utf8ByteLength } from 'kb-sessions-contract/text';
import type { Limits } from './limits.ts';

const toRecentMessage = ({ message_id, seq, role, content, created_at }: Message): RecentMessage => ({
  message_id,
  seq,
  role,
  content,
  created_at,
});

/** Adds messages at the end of `recent` and drops the oldest until `recent` is within its bounds of number and bytes. */
export const appendRecent = (recent: RecentMessage[], added: Message[], limits: Limits): RecentMessage[] => {
  const all = [...recent, ...added.map(toRecentMessage)].slice(-limits.recentMessages);
  let bytes = 0;
  let first = all.length;
  for (const message of all.toReversed()) {
    bytes += utf8ByteLength(message.content);
    if (bytes > RECENT_MAX_BYTES) break;
    first -= 1;
  }
  return all.slice(first);
};

type ContextWindow = { context: RecentMessage[] | null; context_complete: boolean | null };

/** The newest `limit` messages up to `upToSeq` as the context of an agent, messages of the predecessor included; no context if `limit` is null. */
export const contextWindow = (
  session: Session,
  limit: number | null,
  upToSeq = session.message_seq,
): ContextWindow => {
  if (limit === null) return { context: null, context_complete: null };
  const available = session.recent.filter((message) => message.seq <= upToSeq);
  const reachesStart = session.continues === null && (available[0]?.seq ?? upToSeq + 1) === 1;
  return { context: available.slice(-limit), context_complete: available.length >= limit || reachesStart };
};

type HistoryPlan =
  /** `recent` holds the whole page. */
  | { kind: 'recent'; messages: RecentMessage[] }
  /** The messages collection holds it: `limit` messages before `before_seq`. */
  | { kind: 'query'; before_seq: number; limit: number };

/** Where a page of a history comes from. `recent` saves the query if it holds the whole page and the page is not `full`. */
export const planHistory = (
  session: Session,
  { limit, before_seq, full }: { limit: number; before_seq: number | null; full: boolean },
): HistoryPlan => {
  const before = Math.min(before_seq ?? Number.POSITIVE_INFINITY, session.message_seq + 1);
  const first = Math.max(1, before - limit);
  if (before <= 1) return { kind: 'recent', messages: [] };
  const own = session.recent.filter((message) => message.seq > 0);
  const oldest = own[0]?.seq ?? Number.POSITIVE_INFINITY;
  if (full || oldest > first) return { kind: 'query', before_seq: before, limit: before - first };
  return { kind: 'recent', messages: own.filter((message) => message.seq >= first && message.seq < before) };
};

/** The `before_seq` of the page before this one; null if this page has the first message. Positions have no gaps. */
export const previousPageCursor = (messages: { seq: number | null }[]): number | null => {
  const oldest = messages[0]?.seq ?? 1;
  return oldest > 1 ? oldest : null;
};
