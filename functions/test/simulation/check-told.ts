import type { PendingOperation } from 'kb-sessions-client';
import { type Call, type Moment, messagesIn, ownerOf, type Request } from './call.ts';
import type { History, Told } from './history.ts';
import { PATIENCE_MS } from './instance.ts';
import type { Scenario } from './scenario.ts';
import type { Stored } from './stored.ts';

/** Whether what was acknowledged `volatile` came to be durable, or its application was told truly that it never will. */
export const checkTold = (history: History, scenario: Scenario, stored: Stored): string[] => [
  ...history.told.flatMap((told) => checkRefusal(told, history, stored)),
  ...history.calls.flatMap((call) =>
    scenario.devices[call.device]?.gone
      ? checkLeftBehind(call, history, scenario, stored)
      : checkSettled(call, history),
  ),
];

type Message = { message_id: string; content: string };

export const messagesOfTold = ({ settled }: Told): Message[] => {
  const input: PendingOperation['input'] | undefined = settled.call?.input;
  if (!input) return [];
  if ('messages' in input) return input.messages;
  return 'message_id' in input ? [input] : [];
};

const checkRefusal = (told: Told, history: History, stored: Stored): string[] => {
  const { settled, at } = told;
  if (settled.outcome !== 'refused') return [];
  const { call, error } = settled;
  if (!call) return ['what was kept could not be read'];
  const why = error.reason ?? error.code;
  const messages = messagesOfTold(told);
  const offers = offersOf(told, history);
  const since = opensFor(told, history, stored);
  const isUnknown = why === 'refused' ? since.ms >= firstOf(offers) + PATIENCE_MS : since.turn > at.turn;
  const isTrue =
    (why !== 'already-exists' && isUnknown) || (why !== 'not-found' && isTaken(messages, history));
  // What one instance gives up another may still hold, until its session is there.
  const mayBeStored = isUnknown && new Set(offers.map(({ instance }) => instance)).size > 1;
  const isStored = ({ message_id, content }: Message) => stored.messages.get(message_id)?.content === content;
  return [
    ...(isTrue ? [] : [`${nameOf(told)} was told to be refused as ${why}, which is not so`]),
    ...(mayBeStored ? [] : messages.filter(isStored)).map(
      ({ content }) => `${content} was told to be refused, and is stored`,
    ),
  ];
};

/** Since when the session that an operation names is its user's; never, if it is not. */
const opensFor = ({ settled, user }: Told, { opened }: History, { sessions }: Stored): Moment => {
  const session_id = String(settled.call?.input.session_id);
  const owner = ownerOf(user, settled.call?.input);
  const never = { turn: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY };
  return sessions.get(session_id)?.user_id === owner ? (opened.get(session_id) ?? never) : never;
};

const offersOf = (told: Told, { requests }: History): Request[] =>
  requests.filter((request) => idOf(request) === idOfTold(told));

const firstOf = (requests: Request[]): number => Math.min(...requests.map(({ from }) => from.ms));

const nameOf = (told: Told): string =>
  messagesOfTold(told)[0]?.content ?? `session ${told.settled.call?.input.session_id}`;

/** Whether something else was sent under one of these ids. */
const isTaken = (messages: Message[], { calls }: History): boolean =>
  messages.some(({ message_id, content }) =>
    calls.some((call) =>
      messagesIn(call).some((other) => other.message_id === message_id && other.content !== content),
    ),
  );

const isVolatile = (call: Call): boolean =>
  call.outcome.kind === 'ok' &&
  'durability' in call.outcome.answer &&
  call.outcome.answer.durability === 'volatile' &&
  call.name !== 'getSession';

const idOf = (call: Call): string | undefined =>
  messagesIn(call)[0]?.message_id ?? (call.name === 'createSession' ? call.input.session_id : undefined);

const idOfTold = (told: Told): string | undefined =>
  messagesOfTold(told)[0]?.message_id ?? told.settled.call?.input.session_id;

const checkSettled = (call: Call, { told }: History): string[] => {
  if (!isVolatile(call)) return [];
  const id = idOf(call);
  const isTold = told.some(
    (one) => one.device === call.device && one.at.turn >= call.from.turn && idOfTold(one) === id,
  );
  return isTold ? [] : [`nobody was told what became of ${messagesIn(call)[0]?.content ?? `session ${id}`}`];
};

/** Nobody offers it again: it is as lasting as the journal that holds it. */
const checkLeftBehind = (
  call: Call,
  { requests, refusedBy }: History,
  { shared, tabs }: Scenario,
  stored: Stored,
): string[] => {
  const isLost = shared && tabs.some(({ steps }) => steps.some(({ kind }) => kind === 'shared lost'));
  if (!isVolatile(call) || isLost) return [];
  const messages = messagesIn(call);
  const isStored =
    call.name === 'createSession'
      ? stored.sessions.has(String(call.input.session_id))
      : messages.every(({ message_id }) => stored.messages.has(message_id));
  const id = idOf(call);
  const holders = requests.filter((request) => isVolatile(request) && idOf(request) === id);
  // What is shared any of them may have given up.
  const isGivenUp = shared
    ? refusedBy.size > 0
    : holders.some(({ instance }) => refusedBy.has(instance.name));
  const isSafe = !isGivenUp && holders.some(({ instance }) => instance.isAlive);
  return !isStored && isSafe ? [`${messages[0]?.content ?? `session ${id}`} was lost by a journal`] : [];
};
