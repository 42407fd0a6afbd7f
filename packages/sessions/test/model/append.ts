import { isDeepStrictEqual } from 'node:util';
import type { AppendOperation } from '../../src/session-store.ts';
import { successorId } from '../../src/successor-id.ts';
import type { ModelData } from './model-data.ts';
import { escalate, type ModelMessage, type ModelSession, recentOf } from './model-session.ts';
import { type Reached, reach } from './reach.ts';
import { continued, taken } from './refusal.ts';

/** Appends messages, or answers those that are stored; `repeated` tells which. */
export const append = (data: ModelData, operation: AppendOperation) => {
  const repeated = findRepeated(data, operation);
  if (repeated) return { ...repeated, repeated: true };
  const { session, ...how } = makeRoom(data, operation, reach(data, operation));
  if (operation.messages.some(({ message_id }) => data.findMessage(message_id))) throw taken();
  const at = data.now();
  for (const message of operation.messages) {
    const seq = session.messages.length + 1;
    session.messages.push({ ...message, seq, at, feedback: null, comment: null });
  }
  session.active = at;
  if (operation.messages.some(({ metadata }) => metadata.escalated)) escalate(session);
  return {
    ...answerOf(data, operation, session, session.messages.slice(-operation.messages.length)),
    ...how,
    repeated: false,
  };
};

const makeRoom = (data: ModelData, { messages }: AppendOperation, reached: Reached): Reached => {
  const { session } = reached;
  const fits = ({ messages: there }: ModelSession) =>
    there.length + messages.length <= data.limits.messagesPerSession;
  if (fits(session)) return reached;
  const there = data.find(successorId(session.owner, session.id));
  if (there && !(data.stateOf(there) === 'open' && fits(there))) throw continued(there.id);
  const successor = there ?? data.openAfter(session);
  if (!there) {
    successor.escalated = session.escalated;
    successor.reason = session.reason;
  }
  session.next = successor.id;
  session.ended = { status: 'ended', reason: 'message_limit', at: data.now() };
  return { ...reached, session: successor, rolled_over: true };
};

/** The answer to messages that are all stored, as they are, in one session that the named one led to. */
const findRepeated = (data: ModelData, operation: AppendOperation) => {
  const { owner, session_id, messages } = operation;
  const next = successorId(owner, session_id);
  const session = [session_id, next, successorId(owner, next)]
    .map((id) => data.find(id))
    .filter((one) => one?.owner === owner)
    .find((one) => one?.messages.some(({ message_id }) => message_id === messages[0]?.message_id));
  if (!session) return null;
  const stored: ModelMessage[] = [];
  for (const { message_id, role, content, metadata } of messages) {
    const same = session.messages.find((one) => one.message_id === message_id);
    if (same?.role !== role || same.content !== content) return null;
    if (!isDeepStrictEqual(same.metadata, metadata)) return null;
    stored.push(same);
  }
  const recovered = session.id !== session_id;
  return { ...answerOf(data, operation, session, stored), recovered, rolled_over: false };
};

const answerOf = (
  data: ModelData,
  { context_limit }: AppendOperation,
  session: ModelSession,
  messages: ModelMessage[],
) => {
  const stored = messages.map(({ message_id, seq }) => ({ message_id, seq }));
  const answer = { session_id: session.id, messages: stored };
  if (context_limit === null) return { ...answer, context: null, context_complete: null };
  const upTo = messages.at(-1)?.seq ?? 0;
  const known = recentOf(session, data.limits).filter(({ seq }) => seq <= upTo);
  const fromTheStart = session.previous === null && known[0]?.seq === 1;
  return {
    ...answer,
    context: known.slice(-context_limit),
    context_complete: known.length >= context_limit || fromTheStart,
  };
};
