import type { CollectionReference, Firestore, QueryDocumentSnapshot } from 'firebase-admin/firestore';
import { dayOf } from '../../clock.ts';
import { dayCounters, isCountable, uncountedDelta } from '../../counters.ts';
import { decodeMessage } from '../codec.ts';
import { type DayCounters, endCounters } from '../counters/counted-end.ts';
import { COUNTED_FIELDS } from '../counters/count-message.ts';
import { messagesOf, sessionsOf } from '../documents.ts';

/** A kind of document that a user has. */
export type DeletableCollection = {
  kind: 'sessions' | 'messages';
  collection(db: Firestore): CollectionReference;
  /** The fields that `owed` looks at. */
  needed: string[];
  /** What the totals of a day do not hold of it yet; null where they hold it all. */
  uncountedOf(document: QueryDocumentSnapshot): DayCounters | null;
};

const SESSIONS: DeletableCollection = {
  kind: 'sessions',
  collection: sessionsOf,
  needed: ['uncounted', 'ended_at', 'end_reason', 'message_seq'],
  // One that is open has not ended, and never will: it stays counted as created alone.
  uncountedOf: (document) => {
    const end = document.get('uncounted') === true ? endCounters(document) : null;
    return typeof end === 'string' ? null : end;
  },
};

const MESSAGES: DeletableCollection = {
  kind: 'messages',
  collection: messagesOf,
  needed: COUNTED_FIELDS,
  // Not by its mark: reconcileCounters drops that, uncounted, once the session is gone.
  uncountedOf: (document) => {
    const message = decodeMessage(document.data());
    const part = isCountable(message) ? uncountedDelta(message) : null;
    return part && { day: dayOf(message.created_at), counters: dayCounters(part) };
  },
};

/** In the order of their deletion: every append is conditional on its session, so none succeeds once that is gone. */
export const DELETION_ORDER = [SESSIONS, MESSAGES];
