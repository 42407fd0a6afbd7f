import {
  type Message,
  RECENT_MAX_BYTES,
  type RecentMessage,
  type Session,
} from 'kb-sessions-contract/records';
import { utf8ByteLength } from 'kb-sessions-contract/text';
import type { Limits } from './limits.ts';

const inBrief = ({ message_id, seq, role, content, created_at }: Message): RecentMessage => ({
  message_id,
  seq,
  role,
  content,
  created_at,
});

/** `recent` with `added` at its end, the oldest dropped until it is within its bounds. */
export const appendRecent = (recent: RecentMessage[], added: Message[], limits: Limits): RecentMessage[] => {
  const all = [...recent, ...added.map(inBrief)].slice(-limits.recentMessages);
  let bytes = 0;
  let from = all.length;
  for (const message of all.toReversed()) {
    bytes += utf8ByteLength(message.content);
    if (bytes > RECENT_MAX_BYTES) break;
    from -= 1;
  }
  return all.slice(from);
};

type Context = { context: RecentMessage[] | null; context_complete: boolean | null };

/** The newest `limit` messages up to `upToSeq` for an agent, a predecessor's included. */
export const contextWindow = (
  session: Session,
  limit: number | null,
  upToSeq = session.message_seq,
): Context => {
  if (limit === null) return { context: null, context_complete: null };
  const known = session.recent.filter((message) => message.seq <= upToSeq);
  const reachesStart = session.continues === null && (known[0]?.seq ?? upToSeq + 1) === 1;
  return { context: known.slice(-limit), context_complete: known.length >= limit || reachesStart };
};

type HistoryPlan =
  | { kind: 'recent'; messages: RecentMessage[] }
  | { kind: 'query'; before_seq: number; limit: number };

/** Where a page of history comes from: `recent` while it holds it all, which saves the query. */
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

/** The `before_seq` of the next page: numbers have no gaps, so the oldest of this one tells. */
export const previousPageCursor = (messages: { seq: number | null }[]): number | null => {
  const oldest = messages[0]?.seq ?? 1;
  return oldest > 1 ? oldest : null;
};
