import { FieldValue, type Query, type QueryDocumentSnapshot } from 'firebase-admin/firestore';
import type { Message } from 'kb-sessions-contract/records';
import { toMillis, utcDay } from '../../clock.ts';
import {
  dayCounters,
  isCountable,
  messageCounters,
  sessionCounters,
  uncountedDelta,
} from '../../counters.ts';
import { recordCost } from '../../operation-cost.ts';
import { isConflict } from '../classify-error.ts';
import { decodeMessage } from '../codec.ts';
import type { FirestoreContext } from '../context.ts';
import { withDeadline } from '../deadline.ts';
import { messagesCollection, sessionsCollection } from '../documents.ts';
import { countBatch, endCounters, type PendingCount } from './count-batch.ts';
import { COUNTED_FIELDS, countMessage } from './count-message.ts';

/** A kind of document that the counters hold. */
export type CountSource = {
  collection: Query;
  /** The fields that counting needs. */
  fields: string[];
  /** The field of the result that counts the documents of this source. */
  resultKey: 'messages_counted' | 'sessions_counted';
  /** What to count of a document at `now`, in milliseconds; null if the document needs {@link CountSource.countOne}. */
  pendingCount(document: QueryDocumentSnapshot, now: number): PendingCount | null;
  /** Counts one document, or removes its pending flag if it cannot be counted. Returns the field of the result that it adds to; null for none. */
  countOne(document: QueryDocumentSnapshot, now: number): Promise<CountedAs | null>;
};

type CountedAs = 'messages_counted' | 'uncountable' | 'unreadable' | 'sessions_counted';

/** Uncounted messages that are at least `triggerGraceMs` old, in milliseconds. */
export const uncountedMessages = (context: FirestoreContext, triggerGraceMs: number): CountSource => ({
  collection: messagesCollection(context.db),
  fields: COUNTED_FIELDS,
  resultKey: 'messages_counted',
  pendingCount(document, now) {
    const message = decodeDocument(document);
    return isCountable(message) && !isInGrace(message, now, triggerGraceMs)
      ? pendingMessageCount(document, message)
      : null;
  },
  async countOne(document, now) {
    const message = decodeDocument(document);
    if (!isCountable(message)) return (await clearPendingFlag(context, document)) ? 'unreadable' : null;
    if (isInGrace(message, now, triggerGraceMs)) return null;
    const outcome = await countMessage(context, message, document.updateTime);
    if (outcome === 'already') return null;
    if (outcome === 'counted') return 'messages_counted';
    return (await clearPendingFlag(context, document)) ? 'uncountable' : null;
  },
});

/** Sessions that are over and whose end the counters of the day do not hold. */
export const uncountedSessions = (context: FirestoreContext): CountSource => ({
  collection: sessionsCollection(context.db),
  fields: ['ended_at', 'end_reason', 'message_seq'],
  resultKey: 'sessions_counted',
  pendingCount(document) {
    const day = endCounters(document);
    return typeof day === 'string' ? null : { document, fields: {}, session: null, day };
  },
  async countOne(document) {
    const day = endCounters(document);
    if (typeof day === 'string') return (await clearPendingFlag(context, document)) ? day : null;
    const commit = countBatch(context, [{ document, fields: {}, session: null, day }]);
    return (await ifUnchanged(commit)) ? 'sessions_counted' : null;
  },
});

/** The query selects only {@link COUNTED_FIELDS}, so the id comes from the document. */
const decodeDocument = (document: QueryDocumentSnapshot): Message => ({
  ...decodeMessage(document.data()),
  message_id: document.id,
});

/** Whether the trigger may still be on its way to count the message. */
const isInGrace = ({ created_at }: Message, now: number, triggerGraceMs: number): boolean =>
  toMillis(created_at) > now - triggerGraceMs;

const pendingMessageCount = (document: QueryDocumentSnapshot, message: Message): PendingCount => {
  const delta = uncountedDelta(message);
  const { session_id } = message;
  return {
    document,
    fields: { counted: messageCounters(message) },
    session: delta && { session_id, counters: sessionCounters(delta) },
    day: delta && { day: utcDay(message.created_at), counters: dayCounters(delta) },
  };
};

/** Removes the flag that makes the job find a document. Returns false if the document changed meanwhile. Cost: 1 write. */
const clearPendingFlag = async (
  context: FirestoreContext,
  { ref, updateTime }: QueryDocumentSnapshot,
): Promise<boolean> => {
  const update = ref.update({ uncounted: FieldValue.delete() }, { lastUpdateTime: updateTime });
  const isCleared = await ifUnchanged(withDeadline(context, update));
  if (isCleared) recordCost(0, 1);
  return isCleared;
};

/** False if the document of a conditional write has changed or is missing. Then a later run finds it again. */
const ifUnchanged = async (write: Promise<unknown>): Promise<boolean> => {
  try {
    await write;
    return true;
  } catch (error) {
    if (isConflict(error)) return false;
    throw error;
  }
};
