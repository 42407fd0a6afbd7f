import { type Call, messagesIn, type Request } from './call.ts';
import { messagesOfTold } from './check-told.ts';
import type { History, Told } from './history.ts';
import type { Stored } from './stored.ts';

/** Where what is stored and what callers were told differ. */
export const checkCalls = ({ calls, requests, told }: History, stored: Stored): string[] => [
  ...requests.flatMap((request) => checkAcknowledged(request, stored)),
  ...told.flatMap((one) => checkDurable(one, stored)),
  ...checkSent(calls, stored),
  ...calls.flatMap((call) => checkEnd(call, calls, stored)),
];

type Message = { message_id: string; content: string };
type Placed = { session_id: string; messages: { message_id: string; seq: number | null }[] };

const checkPlaced = (placed: Placed, sent: Message[], stored: Stored): string[] =>
  sent.flatMap(({ message_id, content }, index) => {
    const said = placed.messages[index];
    const message = stored.messages.get(message_id);
    const isThere =
      said?.message_id === message_id &&
      message?.content === content &&
      message.session_id === placed.session_id &&
      message.seq === said.seq;
    return isThere
      ? []
      : [`${content} was acknowledged as ${said?.seq} of ${placed.session_id}, and is not there`];
  });

const checkDurable = (told: Told, stored: Stored): string[] =>
  told.settled.outcome === 'durable' ? checkPlaced(told.settled, messagesOfTold(told), stored) : [];

/** What is acknowledged as durable is stored, whether its answer arrived or not. */
const checkAcknowledged = (call: Request, stored: Stored): string[] => {
  if (call.outcome.kind !== 'ok' || call.name === 'getHistory') return [];
  const { answer } = call.outcome;
  if ('durability' in answer && answer.durability === 'volatile') return [];
  if (!('session_id' in answer) && !('session' in answer)) return [];
  const session_id = 'session' in answer ? answer.session.session_id : answer.session_id;
  const session = stored.sessions.get(session_id);
  if (!session) return [`${call.name} was answered with ${session_id}, which is not stored`];
  const isOpen = session.status === 'active' || session.status === 'escalated';
  const messages = 'messages' in answer ? answer.messages : 'seq' in answer ? [answer] : [];
  return [
    ...checkPlaced({ session_id, messages }, messagesIn(call), stored),
    ...(session.user_id === call.owner ? [] : [`${call.name} of ${call.owner} reached another's session`]),
    ...(call.name === 'escalateSession' && session.status === 'active'
      ? [`${session_id} is not escalated`]
      : []),
    ...(call.name === 'endSession' && isOpen ? [`${session_id} is open after its end`] : []),
    ...(call.name === 'submitFeedback' && stored.messages.get(call.input.message_id)?.feedback === null
      ? [`feedback on ${call.input.message_id} was acknowledged, and is not there`]
      : []),
  ];
};

/** Each message that is stored was sent by the owner of its session, is stored once, and was not refused. */
const checkSent = (calls: Call[], { messages }: Stored): string[] => {
  const found: string[] = [];
  const contents = new Set<string>();
  for (const { message_id, content, user_id } of messages.values()) {
    if (contents.has(content)) found.push(`${content} is stored twice`);
    contents.add(content);
    const sent = calls.filter((call) =>
      messagesIn(call).some((one) => one.message_id === message_id && one.content === content),
    );
    if (sent.some(({ owner }) => owner !== user_id)) found.push(`${content} is stored for another`);
    if (sent.every(({ outcome }) => outcome.kind === 'fail')) found.push(`${content} was not accepted`);
  }
  return found;
};

/** Nothing that is offered after the end of a session was acknowledged is stored in it. */
const checkEnd = (end: Call, calls: Call[], { messages }: Stored): string[] => {
  if (end.name !== 'endSession' || end.outcome.kind !== 'ok') return [];
  const { session_id } = end.outcome.answer;
  return [...messages.values()]
    .filter((message) => message.session_id === session_id)
    .filter(({ message_id }) =>
      calls.every(
        (call) =>
          call.from.turn > end.to.turn ||
          messagesIn(call).every((message) => message.message_id !== message_id),
      ),
    )
    .map(({ content }) => `${content} was offered after the end, and stored`);
};
