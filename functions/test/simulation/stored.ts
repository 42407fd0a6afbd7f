import type { Message, Session } from 'kb-sessions';
import type { FirestoreContext } from 'kb-sessions/firestore';
import { decodeMessage, decodeSession } from 'kb-sessions/internal/firestore/codec';
import { messagesCollection, sessionsCollection } from 'kb-sessions/internal/firestore/documents';
import { dayTotals } from '../../../packages/sessions/test/fixtures/documents.ts';

export type Stored = {
  sessions: Map<string, Session>;
  messages: Map<string, Message>;
  /** The counters of each day that anything is of. */
  days: Map<string, Record<string, number>>;
};

const daysOf = ({ sessions, messages }: Pick<Stored, 'sessions' | 'messages'>): string[] => {
  const times = [
    ...[...messages.values()].map(({ created_at }) => created_at),
    ...[...sessions.values()].flatMap(({ created_at, last_activity, ended_at }) => [
      created_at,
      last_activity,
      ended_at ?? created_at,
    ]),
  ];
  return [...new Set(times.map((time) => time.slice(0, 10)))];
};

/** Everything there is, with the days that `ever`thing was of. */
export const readStored = async (
  context: FirestoreContext,
  ever: Pick<Stored, 'sessions' | 'messages'>,
): Promise<Stored> => {
  const sessions = new Map(
    (await sessionsCollection(context.db).get()).docs.map((found) => [found.id, decodeSession(found.data())]),
  );
  const messages = new Map(
    (await messagesCollection(context.db).get()).docs.map((found) => [found.id, decodeMessage(found.data())]),
  );
  const days = new Map<string, Record<string, number>>();
  for (const day of daysOf(ever)) days.set(day, await dayTotals(context, day));
  return { sessions, messages, days };
};
