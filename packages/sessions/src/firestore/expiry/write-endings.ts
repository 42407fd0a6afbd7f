import { type QueryDocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import type { Session } from 'kb-sessions-contract/records';
import { toMillis } from '../../clock.ts';
import { recordCost } from '../../operation-cost.ts';
import { isConflict } from '../classify-error.ts';
import type { FirestoreContext } from '../context.ts';
import { withDeadline, withSweepDeadline } from '../deadline.ts';

const MAX_ATTEMPTS = 5;

/** A session that is over, and its document as it was read. */
export type EndingWrite = { document: QueryDocumentSnapshot; session: Session };

/** What {@link writeEndings} did. */
export type EndingsResult = {
  written: Session[];
  /** Sessions that another writer, or an earlier attempt whose answer was lost, has changed or deleted since they were read. */
  changed: EndingWrite[];
  failures: unknown[];
};

/**
 * Stores that sessions are over, each on the condition that its document has not changed since it was read. It takes no
 * longer than one RPC of a sweep: a write without an answer by then is a failure, and may still take effect.
 *
 * Cost: one write per session.
 */
export const writeEndings = async (
  context: FirestoreContext,
  endings: readonly EndingWrite[],
): Promise<EndingsResult> => {
  const result: EndingsResult = { written: [], changed: [], failures: [] };
  const writer = context.db.bulkWriter();
  let isFinished = false;
  writer.onWriteError((error) => !isFinished && !isConflict(error) && error.failedAttempts < MAX_ATTEMPTS);
  const write = async (ending: EndingWrite): Promise<void> => {
    const { document, session } = ending;
    const { status, ended_at, end_reason, uncounted } = session;
    try {
      const update = writer.update(
        document.ref,
        { status, end_reason, uncounted, ended_at: ended_at && Timestamp.fromMillis(toMillis(ended_at)) },
        { lastUpdateTime: document.updateTime },
      );
      await withDeadline(withSweepDeadline(context), update);
      recordCost(0, 1);
      result.written.push(session);
    } catch (error) {
      if (isConflict(error)) result.changed.push(ending);
      else result.failures.push(error);
    }
  };
  const writes = endings.map(write);
  // Closing sends the writes. It may take minutes to resolve, so nothing waits for it.
  void writer.close();
  await Promise.all(writes);
  isFinished = true;
  return result;
};
