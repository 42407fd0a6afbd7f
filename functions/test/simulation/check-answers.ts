import { isOpen } from 'kb-sessions/internal/lifecycle';
import type { Request } from './call.ts';
import { checkShown } from './check-shown.ts';
import type { History } from './history.ts';
import { DEADLINE_MS } from './instance.ts';
import type { Stored } from './stored.ts';

/**
 * The longest that an instance may take for a request, whatever its RPCs meet: five deadlines. One for an entry that waits
 * in front, one each for the operation's read and commit, and two for what it helps to replay afterwards; races, which
 * take a few milliseconds each, and the time budgets of replays fit into what is left of them.
 */
const LONGEST_ANSWER_MS = 5 * DEADLINE_MS;

/** Whether each answer of an instance was true when it was given. */
export const checkAnswers = (history: History, stored: Stored): string[] =>
  history.requests.flatMap((request) => [
    ...checkOwner(request),
    ...checkDurability(request),
    ...checkShown(request, history, stored),
    ...checkNotFound(request, history, stored),
    ...checkExpired(request, stored),
    ...(request.to.ms - request.from.ms > LONGEST_ANSWER_MS
      ? [`${request.name} took ${request.to.ms - request.from.ms} ms`]
      : []),
  ]);

/** Every content says whose it is. */
const checkOwner = ({ name, owner, outcome }: Request): string[] =>
  [...JSON.stringify(outcome).matchAll(/"(?:content|user_id)":"(\w+)/g)]
    .filter(([, whose]) => whose !== owner)
    .map(([, whose]) => `${name} showed ${owner} what is ${whose}'s`);

const checkDurability = ({ name, outcome }: Request): string[] => {
  if (outcome.kind !== 'ok' || !('held_by' in outcome.answer)) return [];
  const { answer } = outcome;
  const numbers =
    'messages' in answer ? answer.messages.map(({ seq }) => seq) : 'seq' in answer ? [answer.seq] : [];
  const isVolatile = answer.durability === 'volatile';
  const isRight = isVolatile
    ? answer.held_by !== null && numbers.every((seq) => seq === null)
    : answer.held_by === null && numbers.every((seq) => seq !== null);
  return isRight ? [] : [`${name} was acknowledged as ${JSON.stringify(answer)}`];
};

/** Only the primary knows what is not there. */
const checkNotFound = (request: Request, { opened, stored: storedAt }: History, stored: Stored): string[] => {
  const { name, input, owner, outcome, from, reads } = request;
  if (outcome.kind !== 'fail' || outcome.code !== 'not-found') return [];
  if (reads.from === reads.to) return [`${name} was not found without asking`];
  const session_id = 'session_id' in input ? String(input.session_id) : '';
  const since = name === 'submitFeedback' ? storedAt.get(input.message_id) : opened.get(session_id);
  const isOwn =
    name === 'submitFeedback'
      ? stored.messages.get(input.message_id)?.session_id === session_id
      : stored.sessions.get(session_id)?.user_id === owner;
  return isOwn && since && since.turn < from.turn
    ? [`${name} did not find ${session_id}, which is there`]
    : [];
};

/** What was answered to have expired is never open again. */
const checkExpired = ({ name, input, outcome }: Request, { sessions }: Stored): string[] => {
  if (outcome.kind !== 'fail' || outcome.reason !== 'expired' || !('session_id' in input)) return [];
  const session = sessions.get(String(input.session_id));
  return session && isOpen(session)
    ? [`${name} said that ${session.session_id} has expired, and it is open`]
    : [];
};
