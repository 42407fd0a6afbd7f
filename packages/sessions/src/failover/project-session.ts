import type { MessageView, Session } from 'kb-sessions-contract/records';
import type { HistoryMessage, MemoryMetadata } from 'kb-sessions-contract/views';
import { toIsoTime } from '../clock.ts';
import type { Entry } from '../journal/journal.ts';
import { escalate, newSession, touch } from '../lifecycle.ts';
import type { Limits } from '../limits.ts';
import { previousPageCursor } from '../recent-messages.ts';
import type { HistoryPage, NewMessage } from '../session-store.ts';

/** A session as an instance knows it during an outage. */
export type ProjectedSession = {
  /** Null for a session that this instance has never read. Writes to it are accepted for the owner whom the operation names. */
  record: Session | null;
  /** The newest messages. The pending ones come last and have no `seq`. */
  recent: MessageView[];
  /** Whether `recent` has all messages of the conversation, as far as the instance knows. */
  isComplete: boolean;
  metadata: MemoryMetadata;
};

/** Combines a session as the primary returned it last (null if it did not) with the entries that were accepted for it since. */
export const projectSession = (
  cached: Session | null,
  entries: readonly Entry[],
  limits: Limits,
): ProjectedSession => {
  const stored = cached?.recent ?? [];
  const pending = pendingMessages(entries, stored);
  const messages = pending.map(({ message }) => message);
  const queries = messages.filter(({ role }) => role === 'user').length;
  const escalates = messages.some(({ metadata }) => metadata.escalated === true);
  const record = extendExpiry(cached, entries, limits);
  const recent = [...stored, ...pending.map(toMessageView)].slice(-limits.recentMessages);
  return {
    record: record && {
      ...(escalates && record.status === 'active' ? escalate(record) : record),
      fallback: true,
      message_count: record.message_count + messages.length,
      total_queries: record.total_queries + queries,
    },
    recent,
    isComplete: record?.continues === null && recent.length === record.message_seq + messages.length,
    metadata: {
      total_queries: (record?.total_queries ?? 0) + queries,
      collections_used: [...new Set(messages.flatMap(({ metadata }) => metadata.collections_used ?? []))],
      escalated: escalates || record?.status === 'escalated',
      fallback: true,
    },
  };
};

/** The messages of a projected session after one more entry has been accepted. */
export const applyEntry = (
  { record, recent, isComplete }: ProjectedSession,
  entry: Entry,
  limits: Limits,
): Pick<ProjectedSession, 'recent' | 'isComplete'> => {
  const known = [...(record?.recent ?? []), ...recent];
  const all = [...recent, ...pendingMessages([entry], known).map(toMessageView)];
  const newest = all.slice(-limits.recentMessages);
  return { recent: newest, isComplete: isComplete && newest.length === all.length };
};

/**
 * The newest page of a history: the newest stored messages, then the pending ones that are not among them.
 *
 * @param stored stored messages, oldest first
 */
export const newestHistoryPage = (
  stored: HistoryMessage[],
  entries: readonly Entry[],
  { limit, full }: { limit: number; full: boolean },
): Pick<HistoryPage, 'messages' | 'next_before_seq'> => {
  const pending = pendingMessages(entries, stored).map((message) => ({
    ...toMessageView(message),
    ...(full && {
      metadata: message.message.metadata,
      feedback: null,
      feedback_comment: null,
      replayed: false,
    }),
  }));
  const room = Math.max(0, limit - pending.length);
  const newestStored = room === 0 ? [] : stored.slice(-room);
  const newestOmitted = stored[stored.length - newestStored.length - 1]?.seq;
  return {
    messages: [...newestStored, ...pending].slice(-limit),
    next_before_seq: typeof newestOmitted === 'number' ? newestOmitted + 1 : previousPageCursor(newestStored),
  };
};

/** Every operation touches the session, by the clock of the instance that accepted it. */
const extendExpiry = (cached: Session | null, entries: readonly Entry[], limits: Limits): Session | null => {
  let session = cached;
  for (const { kind, accepted_at, operation } of entries) {
    if (session) session = touch(session, accepted_at, limits);
    else if (kind === 'create')
      session = newSession({ ...operation, now: accepted_at, limits, expiryShard: 0 });
  }
  return session;
};

type PendingMessage = { message: NewMessage; accepted_at: number };

/** The messages of entries, without those that are known: a write with an unknown outcome may have succeeded. */
const pendingMessages = (entries: readonly Entry[], known: { message_id: string }[]): PendingMessage[] => {
  const knownIds = new Set(known.map(({ message_id }) => message_id));
  return entries.flatMap(({ kind, accepted_at, operation }) =>
    kind === 'append'
      ? operation.messages
          .filter(({ message_id }) => !knownIds.has(message_id))
          .map((message) => ({ message, accepted_at }))
      : [],
  );
};

const toMessageView = ({
  message: { message_id, role, content },
  accepted_at,
}: PendingMessage): MessageView => ({
  message_id,
  seq: null,
  role,
  content,
  created_at: toIsoTime(accepted_at),
});
