import { FieldValue, type Query, type QueryDocumentSnapshot } from 'firebase-admin/firestore';
import { dayOf, millisOf } from '../clock.ts';
import { charge } from '../cost.ts';
import { contribution, dayCounters, isCountable, sessionCounters, uncountedPart } from '../counters.ts';
import type { Message } from '../records.ts';
import { decodeMessage } from './codec.ts';
import { countTogether, type Due } from './count-together.ts';
import { countedEnd } from './counted-end.ts';
import { COUNTED_FIELDS, countMessage } from './counting.ts';
import { messagesOf, sessionsOf } from './documents.ts';
import { isChanged } from './failures.ts';
import { inTime } from './in-time.ts';
import type { FirestoreSetup } from './setup.ts';

/** A kind of document that is counted. */
export type Uncounted = {
  collection: Query;
  /** The fields that are looked at. */
  needed: string[];
  /** As what it is found when it is counted. */
  counted: 'messages_counted' | 'sessions_counted';
  /** What is to be counted of it at `now`; null where it is to be looked at alone. */
  due(document: QueryDocumentSnapshot, now: number): Due | null;
  /** Counts it, or sees to what is amiss with it; what it was found to be. */
  alone(document: QueryDocumentSnapshot, now: number): Promise<Found>;
};

type Found = 'messages_counted' | 'uncountable' | 'unreadable' | 'sessions_counted' | null;

/** Messages, once they are not younger than `youngMs`. */
export const uncountedMessages = (setup: FirestoreSetup, youngMs: number): Uncounted => ({
  collection: messagesOf(setup.db),
  needed: COUNTED_FIELDS,
  counted: 'messages_counted',
  due(document, now) {
    const message = messageOf(document);
    return isCountable(message) && !isYoung(message, now, youngMs) ? dueOf(document, message) : null;
  },
  async alone(document, now) {
    const message = messageOf(document);
    if (!isCountable(message)) return (await dropMark(setup, document)) ? 'unreadable' : null;
    if (isYoung(message, now, youngMs)) return null;
    const counting = await countMessage(setup, message, document.updateTime);
    if (counting === 'already') return null;
    if (counting === 'counted') return 'messages_counted';
    return (await dropMark(setup, document)) ? 'uncountable' : null;
  },
});

/** Sessions that are over, for the day they ended on, by their reason. */
export const uncountedSessions = (setup: FirestoreSetup): Uncounted => ({
  collection: sessionsOf(setup.db),
  needed: ['ended_at', 'end_reason', 'message_seq'],
  counted: 'sessions_counted',
  due(document) {
    const day = countedEnd(document);
    return typeof day === 'string' ? null : { document, fields: {}, session: null, day };
  },
  async alone(document) {
    const day = countedEnd(document);
    if (typeof day === 'string') return (await dropMark(setup, document)) ? day : null;
    const counted = countTogether(setup, [{ document, fields: {}, session: null, day }]);
    return (await unlessChanged(counted)) ? 'sessions_counted' : null;
  },
});

const messageOf = (document: QueryDocumentSnapshot): Message => ({
  ...decodeMessage(document.data()),
  message_id: document.id,
});

const isYoung = ({ created_at }: Message, now: number, youngMs: number): boolean =>
  millisOf(created_at) > now - youngMs;

const dueOf = (document: QueryDocumentSnapshot, message: Message): Due => {
  const part = uncountedPart(message);
  const { session_id } = message;
  return {
    document,
    fields: { counted: contribution(message) },
    session: part && { session_id, counters: sessionCounters(part) },
    day: part && { day: dayOf(message.created_at), counters: dayCounters(part) },
  };
};

/** Without its mark a document is not looked at again. */
const dropMark = async (
  setup: FirestoreSetup,
  { ref, updateTime }: QueryDocumentSnapshot,
): Promise<boolean> => {
  const update = ref.update({ uncounted: FieldValue.delete() }, { lastUpdateTime: updateTime });
  const dropped = await unlessChanged(inTime(setup, update));
  if (dropped) charge(0, 1);
  return dropped;
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
