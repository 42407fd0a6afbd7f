import { type QueryDocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import { millisOf } from '../clock.ts';
import { charge } from '../cost.ts';
import type { Session } from '../records.ts';
import { isChanged } from './failures.ts';
import { inTime } from './in-time.ts';
import { patient } from './patient.ts';
import type { FirestoreSetup } from './setup.ts';

const MAX_TRIES = 5;

/** A session that is over, and its document as it was read. */
export type Ending = { document: QueryDocumentSnapshot; session: Session };

export type EndsWritten = {
  written: Session[];
  /** Those that had changed since they were read, or were gone: by somebody else, or by a write that was told to have failed. */
  changed: Ending[];
  failures: unknown[];
};

/**
 * Writes that sessions are over, each on the condition that it is as it was read. 1 write per session. It takes no longer
 * than one RPC of a sweep: what has no answer by then has failed, and may land yet.
 */
export const writeEnds = async (setup: FirestoreSetup, endings: readonly Ending[]): Promise<EndsWritten> => {
  const result: EndsWritten = { written: [], changed: [], failures: [] };
  const writer = setup.db.bulkWriter();
  let isOver = false;
  writer.onWriteError((error) => !isOver && !isChanged(error) && error.failedAttempts < MAX_TRIES);
  const write = async (ending: Ending): Promise<void> => {
    const { document, session } = ending;
    const { status, ended_at, end_reason, uncounted } = session;
    try {
      const written = writer.update(
        document.ref,
        { status, end_reason, uncounted, ended_at: ended_at && Timestamp.fromMillis(millisOf(ended_at)) },
        { lastUpdateTime: document.updateTime },
      );
      await inTime(patient(setup), written);
      charge(0, 1);
      result.written.push(session);
    } catch (error) {
      if (isChanged(error)) result.changed.push(ending);
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
