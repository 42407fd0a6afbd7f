import type { Call } from './play-caller.ts';
import type { Stored } from './stored.ts';

type Append = Call & { name: 'append' };
type End = Call & { name: 'end' | 'escalate'; outcome: { kind: 'ok' } };

const isEnd = (call: Call): call is End => call.name === 'end' && call.outcome.kind === 'ok';

/** Where what is stored and what callers were told differ. */
export const checkCalls = (calls: Call[], stored: Stored): string[] => [
  ...calls.flatMap((call) => checkAnswer(call, stored)),
  ...checkSent(
    calls.filter((call) => call.name === 'append'),
    stored,
  ),
  ...calls.flatMap((call) =>
    isEnd(call) ? checkEnd(call.outcome.answer.session_id, call.to, calls, stored) : [],
  ),
];

const checkAnswer = (call: Call, { sessions, messages }: Stored): string[] => {
  if (call.outcome.kind !== 'ok') return [];
  const { session_id } = call.name === 'get' ? call.outcome.answer.session : call.outcome.answer;
  const session = sessions.get(session_id);
  const found: string[] = [];
  if (!session) return [`${call.name} was answered with ${session_id}, which is not stored`];
  if (session.user_id !== call.owner) found.push(`${call.name} of ${call.owner} reached another's session`);
  if (call.name === 'append') {
    for (const [index, sent] of call.operation.messages.entries()) {
      const { message_id, seq } = call.outcome.answer.messages[index] ?? {};
      const message = messages.get(message_id ?? '');
      const isThere = message?.session_id === session_id && message.seq === seq;
      if (!isThere || message.content !== sent.content || message_id !== sent.message_id) {
        found.push(`${sent.content} was acknowledged as ${seq} of ${session_id}, and is not there`);
      }
    }
  }
  if (call.name === 'escalate' && session.status === 'active') found.push(`${session_id} is not escalated`);
  if (isEnd(call) && (session.status === 'active' || session.status === 'escalated')) {
    found.push(`${session_id} is open after its end`);
  }
  if (call.name === 'feedback' && messages.get(call.operation.message_id)?.feedback === null) {
    found.push(`feedback on ${call.operation.message_id} was acknowledged, and is not there`);
  }
  return found;
};

/** Each message that is stored was sent by the owner of its session, is stored once, and was not refused. */
const checkSent = (appends: Append[], { messages }: Stored): string[] => {
  const found: string[] = [];
  const contents = new Set<string>();
  for (const { message_id, content, user_id } of messages.values()) {
    if (contents.has(content)) found.push(`${content} is stored twice`);
    contents.add(content);
    const sent = appends.filter(({ operation }) =>
      operation.messages.some((message) => message.message_id === message_id),
    );
    if (sent.some(({ owner }) => owner !== user_id)) found.push(`${content} is stored for another`);
    if (sent.every(({ outcome }) => outcome.kind === 'refused')) found.push(`${content} was not accepted`);
  }
  return found;
};

/** Nothing that is offered after the end of a session was acknowledged, at turn `to`, is stored in it. */
const checkEnd = (ended: string, to: number, calls: Call[], { messages }: Stored): string[] =>
  [...messages.values()]
    .filter(({ session_id }) => session_id === ended)
    .filter(({ message_id }) =>
      calls.every(
        (call) =>
          call.name !== 'append' ||
          call.from > to ||
          call.operation.messages.every((message) => message.message_id !== message_id),
      ),
    )
    .map(({ content }) => `${content} was offered after the end, and stored`);
