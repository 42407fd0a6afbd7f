import type { MessageView, Session } from 'kb-sessions-contract/records';
import type { HistoryMessage, MemoryMetadata } from 'kb-sessions-contract/views';
import { toIsoTime } from '../clock.ts';
import type { Entry } from '../journal/journal.ts';
import { escalate, newSession, touch } from '../lifecycle.ts';
import type { Limits } from '../limits.ts';
import { previousPageCursor } from '../recent-messages.ts';
import type { HistoryPage, NewMessage } from '../session-store.ts';

/** A session as an instance knows it while the primary is away. */
export type ProjectedSession = {
  /** Null for one that this instance has never seen: what is written to it is accepted for the owner who is named. */
  record: Session | null;
  /** The newest messages; those that wait for the primary come last, without a number. */
  recent: MessageView[];
  /** Whether `recent` is all there is of the conversation, as far as is known. */
  isComplete: boolean;
  metadata: MemoryMetadata;
};

/** From what the primary showed last of a session, null for nothing, and what has been accepted for it since. */
export const projectSession = (
  seen: Session | null,
  entries: readonly Entry[],
  limits: Limits,
): ProjectedSession => {
  const shown = seen?.recent ?? [];
  const waiting = waitingIn(entries, shown);
  const messages = waiting.map(({ message }) => message);
  const queries = messages.filter(({ role }) => role === 'user').length;
  const escalates = messages.some(({ metadata }) => metadata.escalated === true);
  const record = extendExpiry(seen, entries, limits);
  const recent = [...shown, ...waiting.map(inBrief)].slice(-limits.recentMessages);
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

/** What a session shows once an append is accepted that was not waiting yet. */
export const applyEntry = (
  { record, recent, isComplete }: ProjectedSession,
  entry: Entry,
  limits: Limits,
): Pick<ProjectedSession, 'recent' | 'isComplete'> => {
  const added = waitingIn([entry], [...(record?.recent ?? []), ...recent]).map(inBrief);
  const all = [...recent, ...added];
  const newest = all.slice(-limits.recentMessages);
  return { recent: newest, isComplete: isComplete && newest.length === all.length };
};

/** The newest page of a history: the newest numbered messages, and then what waits for the primary and is not among them. */
export const newestHistoryPage = (
  numbered: HistoryMessage[],
  entries: readonly Entry[],
  { limit, full }: { limit: number; full: boolean },
): Pick<HistoryPage, 'messages' | 'next_before_seq'> => {
  const waiting = waitingIn(entries, numbered).map((one) => ({
    ...inBrief(one),
    ...(full && { metadata: one.message.metadata, feedback: null, feedback_comment: null, replayed: false }),
  }));
  const room = Math.max(0, limit - waiting.length);
  const shown = room === 0 ? [] : numbered.slice(-room);
  const newestLeftOut = numbered[numbered.length - shown.length - 1]?.seq;
  return {
    messages: [...shown, ...waiting].slice(-limit),
    next_before_seq: typeof newestLeftOut === 'number' ? newestLeftOut + 1 : previousPageCursor(shown),
  };
};

/** Every operation moves the expiry on, by the clock of the instance that accepted it. */
const extendExpiry = (seen: Session | null, entries: readonly Entry[], limits: Limits): Session | null => {
  let session = seen;
  for (const { kind, accepted_at, operation } of entries) {
    if (session) session = touch(session, accepted_at, limits);
    else if (kind === 'create')
      session = newSession({ ...operation, now: accepted_at, limits, expiryShard: 0 });
  }
  return session;
};

type Waiting = { message: NewMessage; accepted_at: number };

/** An unclear outcome may have been a success that the primary has shown since. */
const waitingIn = (entries: readonly Entry[], shown: { message_id: string }[]): Waiting[] => {
  const known = new Set(shown.map(({ message_id }) => message_id));
  return entries.flatMap(({ kind, accepted_at, operation }) =>
    kind === 'append'
      ? operation.messages
          .filter(({ message_id }) => !known.has(message_id))
          .map((message) => ({ message, accepted_at }))
      : [],
  );
};

const inBrief = ({ message: { message_id, role, content }, accepted_at }: Waiting): MessageView => ({
  message_id,
  seq: null,
  role,
  content,
  created_at: toIsoTime(accepted_at),
});
