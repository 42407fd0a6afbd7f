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

type AppendPlan = Plan<WithoutAck<AppendResult>>;

/**
 * Appends messages: to the session that the operation names, or to its successor if that session is over or full. Messages
 * that are stored already are not appended again; the operation gets its first answer.
 */
export const planAppend = (view: ReadView, operation: AppendOperation, context: PlanContext): AppendPlan => {
  const ids = operation.messages.map(({ message_id }) => message_id);
  const stored = ids.map((message_id) => view.message(message_id));
  const resolution = resolveSession(view, operation, context);
  if (resolution.kind === 'load') return resolution;
  const target =
    resolution.kind === 'resolved' ? rollOverIfFull(view, operation, resolution, context) : resolution;
  if (target.kind === 'refuse') {
    // A first attempt whose answer was lost may have stored the messages, though the session takes none now.
    if (stored.includes(undefined)) return loadMessages(ids);
    return planRepeated(view, operation, stored, null) ?? target;
  }
  if (stored.some((message) => message))
    return planRepeated(view, operation, stored, target) ?? refuse(messageIdTakenError());

  const { session, messages } = addMessages(target.session, operation, context);
  const escalates =
    session.status === 'active' && operation.messages.some(({ metadata }) => metadata.escalated === true);
  const after = escalates ? escalate(session) : session;
  const others = target.changed.filter(({ session_id }) => session_id !== after.session_id);
  return apply(
    {
      session_id: after.session_id,
      messages: messages.map(({ message_id, seq }) => ({ message_id, seq })),
      recovered: target.recovered,
      rolled_over: target.rolled_over,
      ...contextWindow(after, operation.context_limit),
    },
    { sessions: [...others, after], messages, escalations: escalates ? 1 : 0 },
  );
};

/** Rolls a session over that has no room for all messages: they go to the successor together. */
const rollOverIfFull = (
  view: ReadView,
  operation: AppendOperation,
  resolved: ResolvedSession,
  context: PlanContext,
) => {
  const { limits, now } = context;
  const { session } = resolved;
  const fits = ({ message_seq }: Session) =>
    message_seq + operation.messages.length <= limits.messagesPerSession;
  if (fits(session)) return resolved;
  const session_id = successorId(operation.owner, session.session_id);
  const full = rollOver(session, session_id, now);
  const changed = [...resolved.changed.filter((other) => other.session_id !== full.session_id), full];
  const existing = view.session(session_id);
  if (!existing) {
    // The conversation is the same, so a session that waits for a person continues to wait.
    const { status, escalation_reason } = session;
    const opened = { ...newSuccessor(full, { ...context, session_id }), status, escalation_reason };
    return { ...resolved, session: opened, rolled_over: true, changed: [...changed, opened] };
  }
  const successor = expireIfDue(existing, now, limits);
  if (!isOpen(successor) || !fits(successor)) return refuse(sessionContinuedError(session_id));
  return { ...resolved, session: successor, rolled_over: true, changed };
};

/** The session and the messages after the append. */
const addMessages = (
  session: Session,
  { messages: newMessages, replay }: AppendOperation,
  { now, limits }: PlanContext,
) => {
  const touched = touch(session, now, limits);
  // The times of a session never go back, even if two plans read the clock of the primary in another order.
  const created_at = toIsoTime(Math.max(now, toMillis(session.last_activity)));
  const messages = newMessages.map(
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

/** The first answer again, if all messages are stored with the same content in one session; otherwise null. */
const planRepeated = (
  view: ReadView,
  operation: AppendOperation,
  stored: (Message | null | undefined)[],
  target: ResolvedSession | null,
): AppendPlan | null => {
  const same = stored.flatMap((message, index) =>
    message && isSameMessage(message, operation.messages[index], operation) ? [message] : [],
  );
  const first = same[0];
  const last = same.at(-1);
  if (first === undefined || last === undefined || same.length < stored.length) return null;
  if (same.some(({ session_id }) => session_id !== first.session_id)) return null;
  const session = view.session(first.session_id);
  // A session that was read before the messages were stored lacks them in its context.
  const isOutdated = session === undefined || (session !== null && session.message_seq < last.seq);
  if (operation.context_limit !== null && isOutdated) return load({ session_id: first.session_id });
  return apply({
    session_id: first.session_id,
    messages: same.map(({ message_id, seq }) => ({ message_id, seq })),
    ...(target?.session.session_id === first.session_id
      ? { recovered: target.recovered, rolled_over: target.rolled_over }
      : relocationOf(view, operation, first)),
    ...(session
      ? contextWindow(session, operation.context_limit, last.seq)
      : { context: null, context_complete: null }),
  });
};

/** Why a stored message is in another session than the one that the operation names, judged by the present state. */
const relocationOf = (view: ReadView, { session_id }: AppendOperation, stored: Message) => {
  const isElsewhere = stored.session_id !== session_id;
  const rolled_over = isElsewhere && view.session(session_id)?.end_reason === 'message_limit';
  return { recovered: isElsewhere && !rolled_over, rolled_over };
};

/** Whether a stored message is the one of the operation: in the session that it names, or in one of the next two successors. */
const isSameMessage = (
  stored: Message,
  message: NewMessage | undefined,
  { owner, session_id }: AppendOperation,
): boolean => {
  const successor = successorId(owner, session_id);
  return (
    stored.user_id === owner &&
    [session_id, successor, successorId(owner, successor)].includes(stored.session_id) &&
    stored.role === message?.role &&
    stored.content === message.content &&
    isDeepStrictEqual(stored.metadata, message.metadata)
  );
};
