import { dayCounters, messageCounters, ZERO_COUNTERS } from 'kb-sessions/internal/counters';
import type { Message, Session } from 'kb-sessions-contract/records';
import { countersOf } from '../../../packages/sessions/test/fixtures/documents.ts';
import type { Stored } from './stored.ts';

type Ever = Pick<Stored, 'sessions' | 'messages'>;

/** Where the records are not what they must be when all is quiet, whoever asked for what. The days hold `ever`thing, deleted or not. */
export const checkRecords = (stored: Stored, ever: Ever): string[] => [
  ...[...stored.sessions.values()].flatMap((session) => checkSession(session, stored)),
  ...[...stored.messages.values()].flatMap((message) => checkMessage(message, stored)),
  ...[...stored.days].flatMap(([day, counters]) => checkDay(day, counters, ever)),
  ...checkEscalations(ever, stored.days),
];

const differences = (
  what: string,
  found: Record<string, number>,
  expected: Record<string, number>,
): string[] =>
  Object.entries(expected)
    .filter(([counter, value]) => (found[counter] ?? 0) !== value)
    .map(([counter, value]) => `${counter} of ${what} is ${found[counter] ?? 0}, not ${value}`);

const totalOf = (messages: Message[]): Record<string, number> => {
  const total: Record<string, number> = { ...dayCounters(ZERO_COUNTERS) };
  for (const message of messages) {
    for (const [counter, value] of Object.entries(dayCounters(messageCounters(message)))) {
      total[counter] = (total[counter] ?? 0) + value;
    }
  }
  return total;
};

const checkSession = (session: Session, { messages }: Stored): string[] => {
  const { session_id } = session;
  const own = [...messages.values()]
    .filter((message) => message.session_id === session_id)
    .toSorted((a, b) => a.seq - b.seq);
  const numbers = own.map(({ seq }) => seq).join();
  const expected = own.map((_, index) => index + 1).join();
  const { sessions_created: _ofDays, fallbacks: _too, ...counters } = totalOf(own);
  const newest = session.recent.filter(({ seq }) => seq > 0);
  const remembered = newest.map(({ message_id }) => message_id).join();
  return [
    ...(numbers === expected ? [] : [`${session_id} has the messages ${numbers}`]),
    ...(session.message_seq === own.length ? [] : [`message_seq of ${session_id} is ${session.message_seq}`]),
    ...(remembered ===
    own
      .slice(own.length - newest.length)
      .map(({ message_id }) => message_id)
      .join()
      ? []
      : [`recent of ${session_id} is not its newest messages`]),
    ...(session.uncounted ? [`${session_id} is over and not counted`] : []),
    ...differences(session_id, countersOf(session), counters),
    ...(session.escalations > 1 ? [`${session_id} was escalated ${session.escalations} times`] : []),
  ];
};

const checkMessage = (message: Message, { sessions }: Stored): string[] => {
  const session = sessions.get(message.session_id);
  return [
    ...(session?.user_id === message.user_id ? [] : [`${message.content} is not its session's owner's`]),
    ...(message.uncounted ? [`${message.content} is not counted`] : []),
  ];
};

const checkDay = (day: string, found: Record<string, number>, { sessions, messages }: Ever): string[] => {
  const expected = totalOf([...messages.values()].filter(({ created_at }) => created_at.startsWith(day)));
  for (const { end_reason, ended_at, message_seq } of sessions.values()) {
    if (end_reason === null || message_seq === 0 || !ended_at?.startsWith(day)) continue;
    const counter = `sessions_over_${end_reason}`;
    expected[counter] = (expected[counter] ?? 0) + 1;
  }
  return differences(day, found, expected);
};

/** Escalations of all days are those of all sessions: a day's own cannot be told from the records. */
const checkEscalations = ({ sessions }: Ever, days: Stored['days']): string[] => {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return differences(
    'all days',
    { escalations: sum([...days.values()].map(({ escalations }) => escalations ?? 0)) },
    { escalations: sum([...sessions.values()].map(({ escalations }) => escalations)) },
  );
};
