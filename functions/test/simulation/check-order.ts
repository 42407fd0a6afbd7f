import { type Call, messagesIn } from './call.ts';
import type { History } from './history.ts';
import type { Scenario } from './scenario.ts';
import type { Stored } from './stored.ts';

type Append = { call: Call; first: string; last: string };

/**
 * What one tab sends to one session, each after the answer of the one before, is stored in that order: always where the
 * one before was stored by then, and otherwise where every instance that was offered the later one had accepted the one
 * before, under the same session id. Nothing promises it for what one instance holds and another does not, for several
 * ids of a chain, after a refusal, and for a shared journal that is away or loses what it holds.
 */
export const checkOrder = (history: History, { shared, tabs }: Scenario, stored: Stored): string[] => {
  const disturbs = ['shared away', 'shared lost'];
  const isDisturbed = shared && tabs.some(({ steps }) => steps.some(({ kind }) => disturbs.includes(kind)));
  const appends = history.calls.flatMap(asAppend);
  return appends.flatMap((before) =>
    appends
      .filter((after) => follows(before, after) && isPromised(before, after, isDisturbed, history))
      .filter((after) => comesFirst(after.first, before.last, stored, history))
      .map(
        (after) =>
          `${contentOf(after.first, stored)} was sent after ${contentOf(before.last, stored)}, and is before it`,
      ),
  );
};

const asAppend = (call: Call): Append[] => {
  const messages = messagesIn(call);
  const [first, last] = [messages[0]?.message_id, messages.at(-1)?.message_id];
  return call.outcome.kind === 'ok' && first && last ? [{ call, first, last }] : [];
};

const follows = ({ call: before, first }: Append, { call: after, first: other }: Append): boolean =>
  before.tab === after.tab &&
  first !== other &&
  before.to.turn <= after.from.turn &&
  'session_id' in before.input &&
  'session_id' in after.input &&
  before.input.session_id === after.input.session_id;

const isPromised = (
  before: Append,
  after: Append,
  isDisturbed: boolean,
  { requests, stored, refusedBy }: History,
): boolean => {
  const since = stored.get(before.last);
  const offers = (id: string) =>
    requests.filter((request) => messagesIn(request).some(({ message_id }) => message_id === id));
  // Who offers again what was offered before sends nothing that is new.
  if (offers(after.first).some(({ from }) => from.turn < before.call.to.turn)) return false;
  if (since && since.turn <= before.call.to.turn) return true;
  const earlier = offers(before.last);
  const later = offers(after.first);
  const lines = new Set([...earlier, ...later].map(({ input }) => 'session_id' in input && input.session_id));
  if (isDisturbed || lines.size > 1 || refusedBy.size > 0) return false;
  return later.every(({ instance, from }) =>
    earlier.some((one) => one.instance === instance && one.outcome.kind === 'ok' && one.to.turn <= from.turn),
  );
};

/** Whether one message comes before another in the same chain of sessions. */
const comesFirst = (one: string, other: string, stored: Stored, history: History): boolean => {
  const [a, b] = [stored.messages.get(one), stored.messages.get(other)];
  if (!a || !b) return false;
  if (a.session_id === b.session_id) return a.seq < b.seq;
  return chainTo(b.session_id, stored, history).includes(a.session_id);
};

/** The sessions that one goes on from. What was opened while its predecessor was not over goes on from nothing. */
const chainTo = (
  session_id: string,
  stored: Stored,
  { opened, closed }: Pick<History, 'opened' | 'closed'>,
): string[] => {
  const before = stored.sessions.get(session_id)?.continues ?? null;
  const [since, until] = [opened.get(session_id), closed.get(before ?? '')];
  if (before === null || !since || !until || since.turn < until.turn) return [];
  return [before, ...chainTo(before, stored, { opened, closed })];
};

const contentOf = (id: string, { messages }: Stored): string => messages.get(id)?.content ?? id;
