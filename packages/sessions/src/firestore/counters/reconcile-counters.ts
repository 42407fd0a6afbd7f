import { FieldPath, type QueryDocumentSnapshot } from 'firebase-admin/firestore';
import type { Clock } from '../../clock.ts';
import { recordCost } from '../../operation-cost.ts';
import type { FirestoreContext } from '../context.ts';
import { withDeadline } from '../deadline.ts';
import { countBatch } from './count-batch.ts';
import { type CountSource, uncountedMessages, uncountedSessions } from './pending-counts.ts';

const PAGE = 1000;
/** How many documents of a page are counted in one commit. */
const TOGETHER = 200;
/** How many at once, one by one, where that failed. */
const PARALLEL = 20;

export type ReconcileResult = {
  /** Messages that the trigger had not counted: the drift that was found, and is gone now. Not those of a commit whose answer was lost. */
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
  triggerGraceMs: number;
  /** Milliseconds, by `clock`. */
  deadline: number;
  clock: Clock;
};

/**
 * Counts what the trigger did not, and the sessions that are over. Pages by name through `uncounted == true`; may
 * overlap itself and the trigger, because each is counted in one commit that can succeed only once: with its
 * neighbours or, where one of them has changed or is amiss, alone. Per document 1 read and 1 write, and in a commit
 * 1 write more for each session and each day of its messages; per message 3 writes, per session 2 where they are alone.
 */
export const reconcileCounters = async (
  context: FirestoreContext,
  { triggerGraceMs, deadline, clock }: ReconcileOptions,
): Promise<ReconcileResult> => {
  const total: ReconcileResult = {
    messages_counted: 0,
    uncountable: 0,
    unreadable: 0,
    sessions_counted: 0,
    failed: 0,
    more: false,
  };

  const isLate = (): boolean => {
    total.more ||= clock() >= deadline;
    return total.more;
  };

  const countAlone = async (
    { countOne: alone }: CountSource,
    documents: QueryDocumentSnapshot[],
    now: number,
  ): Promise<void> => {
    for (let from = 0; from < documents.length && !isLate(); from += PARALLEL) {
      const visits = documents.slice(from, from + PARALLEL).map((document) => alone(document, now));
      for (const visited of await Promise.allSettled(visits)) {
        if (visited.status === 'rejected') {
          total.failed += 1;
          total.failure ??= visited.reason;
        } else if (visited.value) {
          total[visited.value] += 1;
        }
      }
    }
  };

  const countSome = async (
    uncounted: CountSource,
    documents: QueryDocumentSnapshot[],
    now: number,
  ): Promise<void> => {
    const left = new Set(documents);
    try {
      const dues = documents.flatMap((document) => uncounted.pendingCount(document, now) ?? []);
      if (dues.length > 0) await countBatch(context, dues);
      for (const { document } of dues) left.delete(document);
      // Of the others only the mark was left.
      total[uncounted.resultKey] += dues.filter(({ day }) => day !== null).length;
    } catch {
      // Alone, each of them says what it fails with.
    }
    await countAlone(uncounted, [...left], now);
  };

  const countAll = async (uncounted: CountSource): Promise<void> => {
    const marked = uncounted.collection
      .where('uncounted', '==', true)
      .orderBy(FieldPath.documentId())
      .select(...uncounted.fields)
      .limit(PAGE);
    let after: QueryDocumentSnapshot | undefined;
    do {
      if (isLate()) return;
      const page = await withDeadline(context, (after ? marked.startAfter(after) : marked).get());
      recordCost(Math.max(1, page.size), 0);
      const now = context.now(page.readTime);
      for (let from = 0; from < page.size && !isLate(); from += TOGETHER)
        await countSome(uncounted, page.docs.slice(from, from + TOGETHER), now);
      after = page.size < PAGE ? undefined : page.docs.at(-1);
    } while (after);
  };

  await countAll(uncountedMessages(context, triggerGraceMs));
  await countAll(uncountedSessions(context));
  return total;
};
