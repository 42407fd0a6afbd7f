import { type DocumentSnapshot, Timestamp } from 'firebase-admin/firestore';
import { dayOf, isoOf } from '../../clock.ts';

/** What counters of a day (`yyyy-mm-dd`) are to be raised by. */
export type DayCounters = { day: string; counters: Record<string, number> };

/**
 * What a session that is over adds to the day it ended on. `unreadable`: it is not of our form. `uncountable`: it ended
 * without a message, so it was not counted as created either.
 */
export const endCounters = (document: DocumentSnapshot): DayCounters | 'unreadable' | 'uncountable' => {
  const ended_at: unknown = document.get('ended_at');
  const end_reason: unknown = document.get('end_reason');
  if (!(ended_at instanceof Timestamp) || typeof end_reason !== 'string') return 'unreadable';
  if (document.get('message_seq') === 0) return 'uncountable';
  return { day: dayOf(isoOf(ended_at.toMillis())), counters: { [`sessions_over_${end_reason}`]: 1 } };
};
