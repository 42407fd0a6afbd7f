import { FieldPath, FieldValue, type Query, type QueryDocumentSnapshot } from 'firebase-admin/firestore';
import { type Clock, millisOf } from '../clock.ts';
import { charge } from '../cost.ts';
import { isCountable } from '../counters.ts';
import { decodeMessage, increments } from './codec.ts';
import { countedEnd } from './counted-end.ts';
import { countMessage } from './counting.ts';
import { dayShard, messagesOf, sessionsOf } from './documents.ts';
import { isChanged } from './failures.ts';
import { inTime } from './in-time.ts';
import type { FirestoreSetup } from './setup.ts';

const PAGE = 200;
/** How many documents of a page are counted at once. */
const PARALLEL = 20;

export type Reconciled = {
  /** Messages that the trigger had not counted: the drift that was found, and is gone now. */
  messages_counted: number;
  /** Messages whose session is gone, and sessions that ended without a message: they are not counted. */
  uncountable: number;
  /** Documents that are not of our form: they lose their mark, or they would fail every run. */
  unreadable: number;
  /** Sessions that are over, counted for the day they ended. */
  sessions_counted: number;
  failed: number;
  /** The first error behind `failed`, for the log. */
  failure?: unknown;
  /** Whether the time budget ended before the work. */
  more: boolean;
};

type ReconcileOptions = {
  /** Messages younger than this, in milliseconds, are left to the trigger. */
  youngMs: number;
  /** Milliseconds, by `clock`. */
  deadline: number;
  clock: Clock;
};

type Found = 'messages_counted' | 'uncountable' | 'unreadable' | 'sessions_counted' | null;

/**
 * Counts what the trigger did not, and the sessions that are over. Pages by name through `uncounted == true`; may
 * overlap itself and the trigger, because each count is one commit that can succeed only once. Per message 1 read
 * and 3 writes, per session 1 read and 2 writes.
 */
export const reconcileCounters = async (
  setup: FirestoreSetup,
  { youngMs, deadline, clock }: ReconcileOptions,
): Promise<Reconciled> => {
  const total: Reconciled = {
    messages_counted: 0,
    uncountable: 0,
    unreadable: 0,
    sessions_counted: 0,
    failed: 0,
    more: false,
  };

  const visitAll = async (
    collection: Query,
    visit: (document: QueryDocumentSnapshot, now: number) => Promise<Found>,
  ): Promise<void> => {
    const uncounted = collection.where('uncounted', '==', true).orderBy(FieldPath.documentId()).limit(PAGE);
    let after: QueryDocumentSnapshot | undefined;
    do {
      if (clock() >= deadline) {
        total.more = true;
        return;
      }
      const page = await inTime(setup, (after ? uncounted.startAfter(after) : uncounted).get());
      charge(Math.max(1, page.size), 0);
      const now = setup.now(page.readTime);
      for (let from = 0; from < page.size; from += PARALLEL) {
        const visits = page.docs.slice(from, from + PARALLEL).map((document) => visit(document, now));
        for (const visited of await Promise.allSettled(visits)) {
          if (visited.status === 'rejected') {
            total.failed += 1;
            total.failure ??= visited.reason;
          } else if (visited.value) {
            total[visited.value] += 1;
          }
        }
      }
      after = page.size < PAGE ? undefined : page.docs.at(-1);
    } while (after);
  };

  await visitAll(messagesOf(setup.db), (document, now) => countLate(setup, document, now - youngMs));
  await visitAll(sessionsOf(setup.db), (document) => countOver(setup, document));
  return total;
};

const countLate = async (
  setup: FirestoreSetup,
  document: QueryDocumentSnapshot,
  before: number,
): Promise<Found> => {
  const message = { ...decodeMessage(document.data()), message_id: document.id };
  if (!isCountable(message)) return (await dropMark(document)) ? 'unreadable' : null;
  if (millisOf(message.created_at) > before) return null;
  const counting = await countMessage(setup, message, document.updateTime);
  if (counting === 'already') return null;
  if (counting === 'counted') return 'messages_counted';
  return (await dropMark(document)) ? 'uncountable' : null;
};

/** Without its mark a document is not looked at again. */
const dropMark = async ({ ref, updateTime }: QueryDocumentSnapshot): Promise<boolean> => {
  const dropped = await unlessChanged(
    ref.update({ uncounted: FieldValue.delete() }, { lastUpdateTime: updateTime }),
  );
  if (dropped) charge(0, 1);
  return dropped;
};

/** Counts a session that is over for the day it ended on, by its reason. */
const countOver = async (
  { db, limits, random }: FirestoreSetup,
  document: QueryDocumentSnapshot,
): Promise<Found> => {
  const end = countedEnd(document);
  if (typeof end === 'string') return (await dropMark(document)) ? end : null;
  const batch = db.batch();
  batch.update(document.ref, { uncounted: FieldValue.delete() }, { lastUpdateTime: document.updateTime });
  const shard = dayShard(db, end.day, random(limits.analyticsShards));
  batch.set(shard, increments(end.counters), { merge: true });
  const counted = await unlessChanged(batch.commit());
  if (counted) charge(0, 2);
  return counted ? 'sessions_counted' : null;
};

/** False where the document has changed since it was read, or is gone: then another run sees to it. */
const unlessChanged = async (write: Promise<unknown>): Promise<boolean> => {
  try {
    await write;
    return true;
  } catch (error) {
    if (isChanged(error)) return false;
    throw error;
  }
};
