import { ownerOf } from './call.ts';
import type { History } from './history.ts';
import type { Stored } from './stored.ts';

/** Whether nothing is left of who was erased, nothing came back, and the receipt counts all that there ever was. */
export const checkErased = (history: History, stored: Stored): string[] =>
  [...history.erased].flatMap(([owner, { since, receipt }]) => {
    const isTheirs = ({ user_id }: { user_id: string }) => user_id === owner;
    const count = (records: Map<string, { user_id: string }>) =>
      [...records.values()].filter(isTheirs).length;
    const { firestore, status } = receipt ?? { firestore: { sessions: 0, messages: 0 }, status: 'none' };
    const ever = { sessions: count(history.ever.sessions), messages: count(history.ever.messages) };
    const opened = history.requests.filter(
      ({ name, owner: whose, outcome, from }) =>
        name === 'createSession' &&
        whose === owner &&
        from.turn > since.turn &&
        outcome.kind === 'ok' &&
        'durability' in outcome.answer &&
        outcome.answer.durability === 'durable',
    );
    return [
      ...(status === 'complete' ? [] : [`the receipt of ${owner} says ${status}`]),
      ...(count(stored.sessions) > 0 ? [`${owner} was erased, and has sessions`] : []),
      ...(count(stored.messages) > 0 ? [`${owner} was erased, and has messages`] : []),
      ...(opened.length > 0 ? [`${owner} was erased, and opened a session after that`] : []),
      ...(firestore.sessions === ever.sessions && firestore.messages === ever.messages
        ? []
        : [
            `the receipt counts ${JSON.stringify(firestore)} of ${owner}, there were ${JSON.stringify(ever)}`,
          ]),
    ];
  });

/** What else was asked, answered and told: of who was erased nothing else can be checked. */
export const withoutErased = (history: History): History => {
  const { erased } = history;
  if (erased.size === 0) return history;
  const isKept = ({ owner }: { owner: string }) => !erased.has(owner);
  return {
    ...history,
    calls: history.calls.filter(isKept),
    requests: history.requests.filter(isKept),
    told: history.told.filter(({ user, settled }) => !erased.has(ownerOf(user, settled.call?.input))),
  };
};
