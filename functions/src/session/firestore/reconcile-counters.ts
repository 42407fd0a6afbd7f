import { FieldPath, FieldValue, type Query, type QueryDocumentSnapshot } from 'firebase-admin/firestore';
import { type Clock, dayOf, millisOf } from '../clock.ts';
import { charge } from '../cost.ts';
import { decodeMessage, decodeSession, increments } from './codec.ts';
import { countMessage } from './counting.ts';
import { dayShard, messagesOf, sessionsOf } from './documents.ts';
import { isChanged } from './failures.ts';
import type { FirestoreSetup } from './setup.ts';

const PAGE = 200;
/** How many documents of a page are counted at once. */
const PARALLEL = 20;

export type Reconciled = {
  /** Messages that the trigger had not counted: the drift that was found, and is gone now. */
  messages_counted: number;
  /** Messages whose session is gone: they will not be counted. */
  messages_orphaned: number;
  /** Sessions that are over, counted for the day they ended. */
  sessions_counted: number;
  failed: number;
  /** The first error behind `failed`, for the log. */
  failure?: unknown;
  /** Whether the time budget ended before the work. */
  more: boolean;
};

export type ReconcileOptions = {
  /** Messages younger than this, in milliseconds, are left to the trigger. */
  youngMs: number;
  /** Milliseconds, by `clock`. */
  deadline: number;
  clock: Clock;
};

type Found = 'messages_counted' | 'messages_orphaned' | 'sessions_counted' | null;

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
    messages_orphaned: 0,
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
      const page = await (after ? uncounted.startAfter(after) : uncounted).get();
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
  const message = decodeMessage(document.data());
  if (millisOf(message.created_at) > before) return null;
  const counting = await countMessage(setup, message, document.updateTime);
  if (counting === 'already') return null;
  if (counting === 'counted') return 'messages_counted';
  return (await unlessChanged(dropMark(document))) ? 'messages_orphaned' : null;
};

/** A message without a session is counted nowhere; without its mark it is not looked at again. */
const dropMark = async (document: QueryDocumentSnapshot): Promise<void> => {
  await document.ref.update({ uncounted: FieldValue.delete() }, { lastUpdateTime: document.updateTime });
  charge(0, 1);
};

/** Counts a session that is over for the day it ended on, by its reason. */
const countOver = async (
  { db, limits, random }: FirestoreSetup,
  document: QueryDocumentSnapshot,
): Promise<Found> => {
  const { ended_at, end_reason } = decodeSession(document.data());
  if (ended_at === null || end_reason === null) {
    throw new Error(`session is marked as over, found ended_at ${ended_at} and end_reason ${end_reason}`);
  }
  const batch = db.batch();
  batch.update(document.ref, { uncounted: FieldValue.delete() }, { lastUpdateTime: document.updateTime });
  const shard = dayShard(db, dayOf(ended_at), random(limits.analyticsShards));
  batch.set(shard, increments({ [`sessions_over_${end_reason}`]: 1 }), { merge: true });
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
