import { type QueryDocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import type { Session } from 'kb-sessions-contract/records';
import { toMillis } from '../../clock.ts';
import { recordCost } from '../../operation-cost.ts';
import { isConflict } from '../classify-error.ts';
import type { FirestoreContext } from '../context.ts';
import { withDeadline, withSweepDeadline } from '../deadline.ts';

const MAX_TRIES = 5;

/** A session that is over, and its document as it was read. */
export type EndingWrite = { document: QueryDocumentSnapshot; session: Session };

export type EndingsResult = {
  written: Session[];
  /** Those that had changed since they were read, or were gone: by somebody else, or by a write that was told to have failed. */
  changed: EndingWrite[];
  failures: unknown[];
};

/**
 * Writes that sessions are over, each on the condition that it is as it was read. 1 write per session. It takes no longer
 * than one RPC of a sweep: what has no answer by then has failed, and may land yet.
 */
export const writeEndings = async (
  context: FirestoreContext,
  endings: readonly EndingWrite[],
): Promise<EndingsResult> => {
  const result: EndingsResult = { written: [], changed: [], failures: [] };
  const writer = context.db.bulkWriter();
  let isOver = false;
  writer.onWriteError((error) => !isOver && !isConflict(error) && error.failedAttempts < MAX_TRIES);
  const write = async (ending: EndingWrite): Promise<void> => {
    const { document, session } = ending;
    const { status, ended_at, end_reason, uncounted } = session;
    try {
      const written = writer.update(
        document.ref,
        { status, end_reason, uncounted, ended_at: ended_at && Timestamp.fromMillis(toMillis(ended_at)) },
        { lastUpdateTime: document.updateTime },
      );
      await withDeadline(withSweepDeadline(context), written);
      recordCost(0, 1);
      result.written.push(session);
    } catch (error) {
      if (isConflict(error)) result.changed.push(ending);
      else result.failures.push(error);
    }
  };
  const writes = endings.map(write);
  // Sends them; that it is closed may be minutes later.
  void writer.close();
  await Promise.all(writes);
  isOver = true;
  return result;
};
