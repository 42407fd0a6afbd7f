import { type QueryDocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import { millisOf } from '../clock.ts';
import { charge } from '../cost.ts';
import type { Session } from '../records.ts';
import { isChanged } from './failures.ts';
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

/** Writes that sessions are over, each on the condition that it is as it was read. 1 write per session. */
export const writeEnds = async ({ db }: FirestoreSetup, endings: readonly Ending[]): Promise<EndsWritten> => {
  const result: EndsWritten = { written: [], changed: [], failures: [] };
  const writer = db.bulkWriter();
  writer.onWriteError((error) => !isChanged(error) && error.failedAttempts < MAX_TRIES);
  const write = async (ending: Ending): Promise<void> => {
    const { document, session } = ending;
    const { status, ended_at, end_reason, uncounted } = session;
    try {
      await writer.update(
        document.ref,
        { status, end_reason, uncounted, ended_at: ended_at && Timestamp.fromMillis(millisOf(ended_at)) },
        { lastUpdateTime: document.updateTime },
      );
      charge(0, 1);
      result.written.push(session);
    } catch (error) {
      if (isChanged(error)) result.changed.push(ending);
      else result.failures.push(error);
    }
  };
  const writes = endings.map(write);
  await writer.close();
  await Promise.all(writes);
  return result;
};
