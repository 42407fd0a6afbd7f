import { deepStrictEqual } from 'node:assert';
import type { FirestoreContext } from 'kb-sessions/firestore';
import { messagesCollection, sessionsCollection } from 'kb-sessions/internal/firestore/documents';
import { OPEN_STATUSES } from 'kb-sessions/internal/firestore/expiry/open-sessions';
import { AggregateField } from '../deployed-context.ts';
import { sumOf } from '../stats.ts';
import type { JobName } from './jobs.ts';

/** Counts of everything that the jobs change. */
export type Inventory = {
  sessions: number;
  open: number;
  expired: number;
  messages: number;
  uncountedSessions: number;
  uncountedMessages: number;
  /** Messages in the counters of the sessions. */
  countedBySessions: number;
  /** Messages and over sessions in the counters of the days. */
  countedByDays: { messages: number; over: number };
};

export const takeInventory = async ({ db }: FirestoreContext): Promise<Inventory> => {
  const sessions = sessionsCollection(db);
  const messages = messagesCollection(db);
  const [ofSessions, open, expired, uncountedSessions, ofMessages, uncountedMessages, shards] =
    await Promise.all([
      sessions
        .aggregate({ count: AggregateField.count(), counted: AggregateField.sum('message_count') })
        .get(),
      sessions.where('status', 'in', OPEN_STATUSES).count().get(),
      sessions.where('status', '==', 'expired').count().get(),
      sessions.where('uncounted', '==', true).count().get(),
      messages.count().get(),
      messages.where('uncounted', '==', true).count().get(),
      db.collectionGroup('shards').get(),
    ]);
  const countedByDays = (counter: string) => sumOf(shards.docs, (shard) => Number(shard.get(counter) ?? 0));
  return {
    sessions: ofSessions.data().count,
    open: open.data().count,
    expired: expired.data().count,
    messages: ofMessages.data().count,
    uncountedSessions: uncountedSessions.data().count,
    uncountedMessages: uncountedMessages.data().count,
    countedBySessions: ofSessions.data().counted,
    countedByDays: {
      messages: countedByDays('message_count'),
      over: countedByDays('sessions_over_idle_timeout'),
    },
  };
};

/** Returns the work that a job did, and the inventory that exactly this work leaves. */
type Expectation = (before: Inventory, after: Inventory) => { done: number; expected: Inventory };

const expectations: Record<JobName, Expectation> = {
  expireSessions(before, { open }) {
    const done = before.open - open;
    const expired = before.expired + done;
    const uncountedSessions = before.uncountedSessions + done;
    return { done, expected: { ...before, open, expired, uncountedSessions } };
  },
  reconcileCounters(before, { uncountedMessages, uncountedSessions }) {
    const messages = before.uncountedMessages - uncountedMessages;
    const sessions = before.uncountedSessions - uncountedSessions;
    const expected = {
      ...before,
      uncountedMessages,
      uncountedSessions,
      countedBySessions: before.countedBySessions + messages,
      countedByDays: addToDays(before, messages, sessions),
    };
    return { done: messages + sessions, expected };
  },
  eraseUser(before, after) {
    const messages = before.uncountedMessages - after.uncountedMessages;
    const sessions = before.uncountedSessions - after.uncountedSessions;
    return {
      done: before.sessions + before.messages - after.sessions - after.messages,
      // Documents that were not counted are counted when they are deleted.
      expected: { ...after, countedByDays: addToDays(before, messages, sessions) },
    };
  },
};

const addToDays = ({ countedByDays }: Inventory, messages: number, over: number) => ({
  messages: countedByDays.messages + messages,
  over: countedByDays.over + over,
});

/**
 * Returns the number of documents that a job processed.
 * @throws AssertionError if it did anything else
 */
export const countDone = (job: JobName, before: Inventory, after: Inventory): number => {
  const { done, expected } = expectations[job](before, after);
  deepStrictEqual(after, expected, `${job} must do exactly its work`);
  return done;
};
