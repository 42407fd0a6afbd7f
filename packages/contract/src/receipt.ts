import * as z from 'zod';
import { isoTimeSchema, userIdSchema } from './records.ts';

const count = z.int().min(0);

/**
 * What became of all that a user had. `sweeping`: it is being deleted. `waiting`: it is, and a second sweep follows, since
 * a call that was abandoned before may still land. `complete`: that is done, and nothing can bring anything back.
 */
export const receiptSchema = z.strictObject({
  user_id: userIdSchema,
  status: z.enum(['sweeping', 'waiting', 'complete']),
  asked_at: isoTimeSchema,
  /** When the first sweep was done. */
  swept_at: isoTimeSchema.nullable(),
  completed_at: isoTimeSchema.nullable(),
  /**
   * What was deleted, by both sweeps: documents of Firestore, and what waited to be stored in the journal that instances
   * share. What waits in the memory of a single one is forgotten by that one, and counted by nobody.
   */
  firestore: z.strictObject({ sessions: count, messages: count }),
  journals: z.strictObject({ entries: count }),
});

export type Receipt = z.infer<typeof receiptSchema>;
