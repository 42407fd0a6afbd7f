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

/** A kind of document that is counted. */
export type CountSource = {
  collection: Query;
  /** The fields that are looked at. */
  fields: string[];
  /** As what it is found when it is counted. */
  resultKey: 'messages_counted' | 'sessions_counted';
  /** What is to be counted of it at `now`; null where it is to be looked at alone. */
  pendingCount(document: QueryDocumentSnapshot, now: number): PendingCount | null;
  /** Counts it, or sees to what is amiss with it; what it was found to be. */
  countOne(document: QueryDocumentSnapshot, now: number): Promise<Found>;
};

type Found = 'messages_counted' | 'uncountable' | 'unreadable' | 'sessions_counted' | null;

/** Messages, once they are not younger than `triggerGraceMs`. */
export const uncountedMessages = (context: FirestoreContext, triggerGraceMs: number): CountSource => ({
  collection: messagesCollection(context.db),
  fields: COUNTED_FIELDS,
  resultKey: 'messages_counted',
  pendingCount(document, now) {
    const message = messageOf(document);
    return isCountable(message) && !isYoung(message, now, triggerGraceMs) ? dueOf(document, message) : null;
  },
  async countOne(document, now) {
    const message = messageOf(document);
    if (!isCountable(message)) return (await clearPendingFlag(context, document)) ? 'unreadable' : null;
    if (isYoung(message, now, triggerGraceMs)) return null;
    const counting = await countMessage(context, message, document.updateTime);
    if (counting === 'already') return null;
    if (counting === 'counted') return 'messages_counted';
    return (await clearPendingFlag(context, document)) ? 'uncountable' : null;
  },
});

/** Sessions that are over, for the day they ended on, by their reason. */
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
    const counted = countBatch(context, [{ document, fields: {}, session: null, day }]);
    return (await ifUnchanged(counted)) ? 'sessions_counted' : null;
  },
});

const messageOf = (document: QueryDocumentSnapshot): Message => ({
  ...decodeMessage(document.data()),
  message_id: document.id,
});

const isYoung = ({ created_at }: Message, now: number, triggerGraceMs: number): boolean =>
  toMillis(created_at) > now - triggerGraceMs;

const dueOf = (document: QueryDocumentSnapshot, message: Message): PendingCount => {
  const part = uncountedDelta(message);
  const { session_id } = message;
  return {
    document,
    fields: { counted: messageCounters(message) },
    session: part && { session_id, counters: sessionCounters(part) },
    day: part && { day: utcDay(message.created_at), counters: dayCounters(part) },
  };
};

/** Without its mark a document is not looked at again. */
const clearPendingFlag = async (
  context: FirestoreContext,
  { ref, updateTime }: QueryDocumentSnapshot,
): Promise<boolean> => {
  const update = ref.update({ uncounted: FieldValue.delete() }, { lastUpdateTime: updateTime });
  const dropped = await ifUnchanged(withDeadline(context, update));
  if (dropped) recordCost(0, 1);
  return dropped;
};

/** False where the document has changed since it was read, or is gone: then another run sees to it. */
const ifUnchanged = async (write: Promise<unknown>): Promise<boolean> => {
  try {
    await write;
    return true;
  } catch (error) {
    if (isConflict(error)) return false;
    throw error;
  }
};
