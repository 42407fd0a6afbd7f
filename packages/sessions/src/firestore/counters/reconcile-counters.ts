import { FieldPath, type QueryDocumentSnapshot } from 'firebase-admin/firestore';
import type { Clock } from '../../clock.ts';
import { recordCost } from '../../operation-cost.ts';
import type { FirestoreContext } from '../context.ts';
import { withDeadline } from '../deadline.ts';
import { countBatch } from './count-batch.ts';
import { type CountSource, uncountedMessages, uncountedSessions } from './pending-counts.ts';

const PAGE_SIZE = 1000;
/** How many documents of a page one commit counts. */
const CHUNK_SIZE = 200;
/** How many documents are counted one by one at the same time, after a commit of a chunk has failed. */
const PARALLEL_DOCUMENTS = 20;

/** What {@link reconcileCounters} did. */
export type ReconcileResult = {
  /** Messages that the trigger had missed. A commit whose answer was lost is not included. */
  messages_counted: number;
  /** Messages whose session is missing, and sessions that ended without a message: they are not counted. */
  uncountable: number;
  /** Documents without the fields of a message or session. They lose their pending flag, or every run would fail on them. */
  unreadable: number;
  /** Sessions whose end was counted. */
  sessions_counted: number;
  /** Documents that could not be counted in this run. */
  failed: number;
  /** The first error behind `failed`, for the log. */
  failure?: unknown;
  /** Whether the deadline came before the end of the work. */
  more: boolean;
};

type ReconcileOptions = {
  /** Messages younger than this, in milliseconds, are left to the trigger. */
  triggerGraceMs: number;
  /** When to stop, in milliseconds by `clock`. */
  deadline: number;
  clock: Clock;
};

/**
 * Counts the messages that the trigger missed, and the sessions that are over. It pages by document id through the
 * documents with `uncounted == true`. It may overlap itself and the trigger, because the commit that counts a document can
 * take effect only once: together with its neighbours, or alone if one of those has changed or cannot be counted.
 *
 * Cost: one read and one write per document; one write more per commit for each session and for each day. For documents
 * that are counted alone: 3 writes per message, 2 per session.
 *
 * @throws an error of Firestore if the query fails; failures of single documents are in the result
 * @example
 * ```ts
 * import { type FirestoreContext, reconcileCounters } from 'kb-sessions/firestore';
 *
 * export const runJob = async (context: FirestoreContext): Promise<void> => {
 *   const result = await reconcileCounters(context, {
 *     triggerGraceMs: 600_000,
 *     deadline: Date.now() + 480_000,
 *     clock: Date.now,
 *   });
 *   console.log(result.messages_counted, result.failed, result.more);
 * };
 * ```
 */
export const reconcileCounters = async (
  context: FirestoreContext,
  { triggerGraceMs, deadline, clock }: ReconcileOptions,
): Promise<ReconcileResult> => {
  const reconciliation = new Reconciliation(context, deadline, clock);
  await reconciliation.countSource(uncountedMessages(context, triggerGraceMs));
  await reconciliation.countSource(uncountedSessions(context));
  return reconciliation.result;
};

/** One run: the result so far, and the time that is left. */
class Reconciliation {
  readonly result: ReconcileResult = {
    messages_counted: 0,
    uncountable: 0,
    unreadable: 0,
    sessions_counted: 0,
    failed: 0,
    more: false,
  };
  readonly #context: FirestoreContext;
  readonly #deadline: number;
  readonly #clock: Clock;

  constructor(context: FirestoreContext, deadline: number, clock: Clock) {
    this.#context = context;
    this.#deadline = deadline;
    this.#clock = clock;
  }

  async countSource(source: CountSource): Promise<void> {
    const query = source.collection
      .where('uncounted', '==', true)
      .orderBy(FieldPath.documentId())
      .select(...source.fields)
      .limit(PAGE_SIZE);
    let after: QueryDocumentSnapshot | undefined;
    do {
      if (this.#isLate()) return;
      const page = await withDeadline(this.#context, (after ? query.startAfter(after) : query).get());
      recordCost(Math.max(1, page.size), 0);
      const now = this.#context.now(page.readTime);
      for (let start = 0; start < page.size && !this.#isLate(); start += CHUNK_SIZE)
        await this.#countChunk(source, page.docs.slice(start, start + CHUNK_SIZE), now);
      after = page.size < PAGE_SIZE ? undefined : page.docs.at(-1);
    } while (after);
  }

  async #countChunk(source: CountSource, documents: QueryDocumentSnapshot[], now: number): Promise<void> {
    const uncounted = new Set(documents);
    try {
      const counts = documents.flatMap((document) => source.pendingCount(document, now) ?? []);
      if (counts.length > 0) await countBatch(this.#context, counts);
      for (const { document } of counts) uncounted.delete(document);
      // The other documents were counted before and only had their pending flag left.
      this.result[source.resultKey] += counts.filter(({ day }) => day !== null).length;
    } catch {
      // Counted one by one, each document reports its own error.
    }
    await this.#countIndividually(source, [...uncounted], now);
  }

  async #countIndividually(
    { countOne }: CountSource,
    documents: QueryDocumentSnapshot[],
    now: number,
  ): Promise<void> {
    for (let start = 0; start < documents.length && !this.#isLate(); start += PARALLEL_DOCUMENTS) {
      const group = documents.slice(start, start + PARALLEL_DOCUMENTS);
      for (const counted of await Promise.allSettled(group.map((document) => countOne(document, now)))) {
        if (counted.status === 'rejected') {
          this.result.failed += 1;
          this.result.failure ??= counted.reason;
        } else if (counted.value) {
          this.result[counted.value] += 1;
        }
      }
    }
  }

  #isLate(): boolean {
    this.result.more ||= this.#clock() >= this.#deadline;
    return this.result.more;
  }
}
