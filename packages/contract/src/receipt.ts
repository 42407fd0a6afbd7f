import * as z from 'zod';
import { isoTime, userId } from './records.ts';

const count = z.int().min(0);

/**
 * What became of all that a user had. `sweeping`: it is being deleted. `waiting`: it is, and a second sweep follows, since
 * a call that was abandoned before may still land. `complete`: that is done, and nothing can bring anything back.
 */
export const receiptSchema = z.strictObject({
  user_id: userId,
  status: z.enum(['sweeping', 'waiting', 'complete']),
  asked_at: isoTime,
  /** When the first sweep was done. */
  swept_at: isoTime.nullable(),
  completed_at: isoTime.nullable(),
  /**
   * What was deleted, by both sweeps: documents of Firestore, and what waited to be stored in the journal that instances
   * share. What waits in the memory of a single one is forgotten by that one, and counted by nobody.
   */
  firestore: z.strictObject({ sessions: count, messages: count }),
  journals: z.strictObject({ entries: count }),
});

export type Receipt = z.infer<typeof receiptSchema>;
