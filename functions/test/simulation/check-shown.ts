import type { Request } from './call.ts';
import type { History } from './history.ts';
import type { Stored } from './stored.ts';

/** Whether what a read shows is there, and as new as it says. */
export const checkShown = (request: Request, history: History, stored: Stored): string[] => [
  ...checkKnown(request, history),
  ...checkHistory(request, history, stored),
  ...checkSession(request, history),
];

/** What is answered while Firestore is away is of a session that is there, or that its owner has written to. */
const checkKnown = (request: Request, { opened, calls }: History): string[] => {
  if (request.outcome.kind !== 'ok') return [];
  if (request.name !== 'getSession' && request.name !== 'getHistory') return [];
  const { answer } = request.outcome;
  if ('durability' in answer ? answer.durability === 'durable' : answer.complete) return [];
  const session_id = 'session' in answer ? answer.session.session_id : answer.session_id;
  const isWrittenTo = calls.some(
    ({ name, input, owner, from }) =>
      owner === request.owner &&
      from.turn <= request.to.turn &&
      'session_id' in input &&
      input.session_id === session_id &&
      (name === 'createSession' || (request.name === 'getHistory' && name.startsWith('addMessage'))),
  );
  const since = opened.get(session_id);
  if (isWrittenTo || (since && since.turn <= request.to.turn)) return [];
  return [`${request.name} invented ${session_id}`];
};

/** A history that says it is complete has everything that was stored before it was asked for. */
const checkHistory = (request: Request, history: History, { messages }: Stored): string[] => {
  if (request.name !== 'getHistory' || request.outcome.kind !== 'ok') return [];
  const { answer } = request.outcome;
  const shown = new Map(answer.messages.map((message) => [message.message_id, message]));
  const found: string[] = [];
  for (const { message_id, session_id, content, seq } of messages.values()) {
    const one = shown.get(message_id);
    const since = history.stored.get(message_id);
    const isOlder = session_id === answer.session_id && since !== undefined && since.turn < request.from.turn;
    if (answer.complete && isOlder && !one) found.push(`${content} is missing in a complete history`);
    if (
      one &&
      one.content === content &&
      one.seq !== null &&
      (one.seq !== seq || session_id !== answer.session_id)
    )
      found.push(`${content} is ${one.seq} in a history`);
  }
  return found;
};

const isOpen = ({ status }: { status: string }): boolean => status === 'active' || status === 'escalated';

/** What an instance shows of a session is as new as the question where Firestore has it, and otherwise as it saw it last. */
const checkSession = (request: Request, { closed, requests }: History): string[] => {
  if (request.name !== 'getSession' || request.outcome.kind !== 'ok') return [];
  const { durability, session } = request.outcome.answer;
  const { session_id, message_seq, expires_at } = session;
  const before = requests.filter(
    ({ instance, owner, to }) =>
      instance === request.instance && owner === request.owner && to.turn < request.from.turn,
  );
  const since = closed.get(session_id);
  const found: string[] = [];
  if (durability === 'durable' && isOpen(session) && since && since.turn < request.from.turn)
    found.push(`getSession showed ${session_id} open after it was over`);
  if (durability === 'volatile' && Date.parse(expires_at) <= request.instance.clock(request.from.ms))
    found.push(`getSession showed ${session_id} though it has expired`);
  for (const { outcome } of before) {
    if (outcome.kind !== 'ok' || !('session' in outcome.answer)) continue;
    const { session: shown } = outcome.answer;
    if (shown.session_id === session_id && shown.message_seq > message_seq)
      found.push(`getSession showed ${session_id} as it was before what it had shown`);
  }
  return found;
};
