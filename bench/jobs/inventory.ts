import { deepStrictEqual } from 'node:assert';
import type { FirestoreContext } from 'kb-sessions/firestore';
import { messagesCollection, sessionsCollection } from 'kb-sessions/internal/firestore/documents';
import { OPEN_STATUSES } from 'kb-sessions/internal/firestore/expiry/open-sessions';
import { AggregateField } from './deployed.ts';
import type { JobName } from './jobs.ts';

/** How much there is of what the jobs change. */
export interface Inventory {
  readonly sessions: number;
  readonly open: number;
  readonly expired: number;
  readonly messages: number;
  readonly uncountedSessions: number;
  readonly uncountedMessages: number;
  /** Messages that the counters of the sessions hold. */
  readonly countedBySessions: number;
  /** Messages, and sessions that are over, that the counters of the days hold. */
  readonly countedByDays: { readonly messages: number; readonly over: number };
}

export async function takeInventory({ db }: FirestoreContext): Promise<Inventory> {
  const sessions = sessionsCollection(db);
  const messages = messagesCollection(db);
  const [ofSessions, open, expired, uncountedSessions, ofMessages, uncountedMessages, days] =
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
  const ofDays = (counter: string) =>
    days.docs.reduce((sum, shard) => sum + Number(shard.get(counter) ?? 0), 0);
  return {
    sessions: ofSessions.data().count,
    open: open.data().count,
    expired: expired.data().count,
    messages: ofMessages.data().count,
    uncountedSessions: uncountedSessions.data().count,
    uncountedMessages: uncountedMessages.data().count,
    countedBySessions: ofSessions.data().counted,
    countedByDays: { messages: ofDays('message_count'), over: ofDays('sessions_over_idle_timeout') },
  };
}

/** What a job should have left, of what there was before, where it has not done more or less than is gone now. */
type Expectation = (before: Inventory, now: Inventory) => { done: number; left: Inventory };

const expectations: Readonly<Record<JobName, Expectation>> = {
  expireSessions(before, { open }) {
    const done = before.open - open;
    const { expired, uncountedSessions } = before;
    return {
      done,
      left: { ...before, open, expired: expired + done, uncountedSessions: uncountedSessions + done },
    };
  },
  reconcileCounters(before, { uncountedMessages, uncountedSessions }) {
    const messages = before.uncountedMessages - uncountedMessages;
    const sessions = before.uncountedSessions - uncountedSessions;
    const { countedBySessions, countedByDays } = before;
    return {
      done: messages + sessions,
      left: {
        ...before,
        uncountedMessages,
        uncountedSessions,
        countedBySessions: countedBySessions + messages,
        countedByDays: {
          messages: countedByDays.messages + messages,
          over: countedByDays.over + sessions,
        },
      },
    };
  },
  eraseUser(before, now) {
    const messages = before.uncountedMessages - now.uncountedMessages;
    const over = before.uncountedSessions - now.uncountedSessions;
    const { countedByDays } = before;
    return {
      done: before.sessions + before.messages - now.sessions - now.messages,
      // What of the user was not counted yet is counted with its deletion.
      left: {
        ...now,
        countedByDays: { messages: countedByDays.messages + messages, over: countedByDays.over + over },
      },
    };
  },
};

/**
 * The number of documents that a job has done.
 * @throws AssertionError where it has done anything else to them
 */
export function documentsDone(job: JobName, before: Inventory, now: Inventory): number {
  const { done, left } = expectations[job](before, now);
  deepStrictEqual(now, left, `${job} was to leave what it should`);
  return done;
}
