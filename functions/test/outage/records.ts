import assert from 'node:assert/strict';
import type { Message, Session } from 'kb-sessions';
import { reconcileCounters } from 'kb-sessions/firestore';
import { utcDay } from 'kb-sessions/internal/clock';
import { tombstoneDocument } from 'kb-sessions/internal/firestore/documents';
import { SMALL_LIMITS } from 'kb-sessions/internal/testing/small-limits';
import { runningSuite } from 'kb-sessions-testing';
import { creationsOf, dayTotals, storedSession } from '../../../packages/sessions/test/fixtures/documents.ts';
import { contextAt } from '../../../packages/sessions/test/support/context-at.ts';
import type { Hosted } from '../support/hosted.ts';

export type Records = {
  /** The messages of a session, by their numbers. */
  messagesOf(session_id: string): Promise<Message[]>;
  session(session_id: string): Promise<Session | null>;
  /** Fails unless a session has exactly these contents, in this order, numbered without gaps. */
  assertHolds(session_id: string, contents: readonly string[]): Promise<Message[]>;
  /** Counts what no trigger has counted, as none listens to this database. The totals of the days of these messages. */
  count(messages: readonly Message[]): Promise<Record<string, number>>;
  /** Leaves the mark of an erased user. */
  erase(uid: string): Promise<void>;
  close(): Promise<void>;
};

/** What Firestore holds for some hosts, read past their proxy and past the functions. */
export const recordsOf = ({ database }: Pick<Hosted, 'database'>): Records => {
  const { firestore, projectId } = runningSuite();
  const context = contextAt(firestore, projectId, SMALL_LIMITS, database);
  const messagesOf = async (session_id: string): Promise<Message[]> => {
    const messages = (await creationsOf(context)).map(({ message }) => message);
    return messages.filter((message) => message.session_id === session_id);
  };
  return {
    messagesOf,
    session: (session_id) => storedSession(context, session_id),
    async assertHolds(session_id, contents) {
      const messages = await messagesOf(session_id);
      assert.deepEqual(
        messages.map(({ seq, content }) => [seq, content]),
        contents.map((content, index) => [index + 1, content]),
      );
      return messages;
    },
    async count(messages) {
      await reconcileCounters(context, {
        triggerGraceMs: 0,
        deadline: Number.POSITIVE_INFINITY,
        clock: Date.now,
      });
      const sum: Record<string, number> = {};
      for (const day of new Set(messages.map(({ created_at }) => utcDay(created_at)))) {
        for (const [counter, value] of Object.entries(await dayTotals(context, day)))
          sum[counter] = (sum[counter] ?? 0) + value;
      }
      return sum;
    },
    async erase(uid) {
      await tombstoneDocument(context.db, uid).create({ erased_at: new Date() });
    },
    close: () => context.db.terminate(),
  };
};
