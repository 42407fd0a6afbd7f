import { isDeepStrictEqual } from 'node:util';
import type { Message, Session } from 'kb-sessions-contract/records';
import { toIsoTime, toMillis } from '../clock.ts';
import { escalate, expireIfDue, isOpen, newSuccessor, rollOver, touch } from '../lifecycle.ts';
import { appendRecent, contextWindow } from '../recent-messages.ts';
import { messageIdTakenError, sessionContinuedError } from '../session-errors.ts';
import type { AppendOperation, AppendResult, NewMessage, WithoutAck } from '../session-store.ts';
import { successorId } from '../successor-id.ts';
import { type ResolvedSession, resolveSession } from './resolve-session.ts';
import { apply, load, loadMessages, type Plan, type PlanContext, type ReadView, refuse } from './types.ts';

type Planned = WithoutAck<AppendResult>;

/** Appends messages: to the session named, to its successor where it is over or full, or not at all where they are there already. */
export const planAppend = (
  view: ReadView,
  operation: AppendOperation,
  circumstances: PlanContext,
): Plan<Planned> => {
  const ids = operation.messages.map(({ message_id }) => message_id);
  const stored = ids.map((message_id) => view.message(message_id));
  const resolution = resolveSession(view, operation, circumstances);
  if (resolution.kind === 'load') return resolution;
  const room =
    resolution.kind === 'reached' ? rollOverIfFull(view, operation, resolution, circumstances) : resolution;
  if (room.kind === 'refuse') {
    // Messages may be there from a first try whose answer was lost, though by now there is no room for new ones.
    if (stored.includes(undefined)) return loadMessages(ids);
    return planRepeated(view, operation, stored, null) ?? room;
  }
  if (stored.some((message) => message))
    return planRepeated(view, operation, stored, room) ?? refuse(messageIdTakenError());

  const { session, messages } = addTo(room.session, operation, circumstances);
  const escalates =
    session.status === 'active' && operation.messages.some(({ metadata }) => metadata.escalated === true);
  const after = escalates ? escalate(session) : session;
  const others = room.changed.filter(({ session_id }) => session_id !== after.session_id);
  return apply(
    {
      session_id: after.session_id,
      messages: messages.map(({ message_id, seq }) => ({ message_id, seq })),
      recovered: room.recovered,
      rolled_over: room.rolled_over,
      ...contextWindow(after, operation.context_limit),
    },
    { sessions: [...others, after], messages, escalations: escalates ? 1 : 0 },
  );
};

/** Rolls a session over that cannot take all the messages: they go to the successor together. */
const rollOverIfFull = (
  view: ReadView,
  operation: AppendOperation,
  at: ResolvedSession,
  circumstances: PlanContext,
) => {
  const { limits, now } = circumstances;
  if (at.session.message_seq + operation.messages.length <= limits.messagesPerSession) return at;
  const session_id = successorId(operation.owner, at.session.session_id);
  const full = rollOver(at.session, session_id, now);
  const changed = [...at.changed.filter((session) => session.session_id !== full.session_id), full];
  const known = view.session(session_id);
  if (!known) {
    // Who waits for a human goes on waiting: the conversation is the same.
    const { status, escalation_reason } = at.session;
    const opened = { ...newSuccessor(full, { ...circumstances, session_id }), status, escalation_reason };
    return { ...at, session: opened, rolled_over: true, changed: [...changed, opened] };
  }
  const successor = expireIfDue(known, now, limits);
  const fits = successor.message_seq + operation.messages.length <= limits.messagesPerSession;
  if (!isOpen(successor) || !fits) return refuse(sessionContinuedError(session_id));
  return { ...at, session: successor, rolled_over: true, changed };
};

const addTo = (
  session: Session,
  { messages: added, replay }: AppendOperation,
  { now, limits }: PlanContext,
) => {
  const touched = touch(session, now, limits);
  // A session's times never run back, whichever read of the primary's clock a plan started from.
  const created_at = toIsoTime(Math.max(now, toMillis(session.last_activity)));
  const messages = added.map(
    (message, index): Message => ({
      ...message,
      session_id: session.session_id,
      user_id: session.user_id,
      seq: session.message_seq + index + 1,
      created_at,
      feedback: null,
      feedback_comment: null,
      counted: null,
      uncounted: true,
      replayed: replay,
      purge_at: session.purge_at,
    }),
  );
  return {
    messages,
    session: {
      ...touched,
      message_seq: session.message_seq + messages.length,
      fallback: session.fallback || replay,
      recent: appendRecent(session.recent, messages, limits),
    },
  };
};

/** The first answer again, if all the messages are stored, the same and together; otherwise null. */
const planRepeated = (
  view: ReadView,
  operation: AppendOperation,
  stored: (Message | null | undefined)[],
  room: ResolvedSession | null,
): Plan<Planned> | null => {
  const same = stored.flatMap((message, index) =>
    message && isSame(message, operation.messages[index], operation) ? [message] : [],
  );
  const first = same[0];
  const last = same.at(-1);
  if (first === undefined || last === undefined || same.length < stored.length) return null;
  if (same.some(({ session_id }) => session_id !== first.session_id)) return null;
  const session = view.session(first.session_id);
  // What was read before the messages were stored does not have them in its context.
  const isBehind = session === undefined || (session !== null && session.message_seq < last.seq);
  if (operation.context_limit !== null && isBehind) return load({ session_id: first.session_id });
  return apply({
    session_id: first.session_id,
    messages: same.map(({ message_id, seq }) => ({ message_id, seq })),
    ...(room?.session.session_id === first.session_id
      ? { recovered: room.recovered, rolled_over: room.rolled_over }
      : relocationOf(view, operation, first)),
    ...(session
      ? contextWindow(session, operation.context_limit, last.seq)
      : { context: null, context_complete: null }),
  });
};

/** How a message came to another session than the one named, as far as that tells today. */
const relocationOf = (view: ReadView, { session_id }: AppendOperation, stored: Message) => {
  const moved = stored.session_id !== session_id;
  const rolled_over = moved && view.session(session_id)?.end_reason === 'message_limit';
  return { recovered: moved && !rolled_over, rolled_over };
};

const isSame = (stored: Message, message: NewMessage | undefined, operation: AppendOperation): boolean => {
  const { owner, session_id } = operation;
  const successor = successorId(owner, session_id);
  return (
    stored.user_id === owner &&
    [session_id, successor, successorId(owner, successor)].includes(stored.session_id) &&
    stored.role === message?.role &&
    stored.content === message.content &&
    isDeepStrictEqual(stored.metadata, message.metadata)
  );
};
