import * as z from 'zod';
import { isoTimeSchema, userIdSchema } from './records.ts';

const count = z.int().min(0);

/** The state of an erasure. */
export const receiptSchema = z.strictObject({
  /** The user who is erased. */
  user_id: userIdSchema,
  /**
   * `sweeping`: the first sweep has not finished. `waiting`: it has finished, and a second sweep follows, because a write
   * that began before the erasure may still arrive. `complete`: both sweeps have finished, and no write can bring data back.
   */
  status: z.enum(['sweeping', 'waiting', 'complete']),
  /** When the erasure was requested first. */
  asked_at: isoTimeSchema,
  /** When the first sweep finished; null before. */
  swept_at: isoTimeSchema.nullable(),
  /** When the second sweep finished; null before. */
  completed_at: isoTimeSchema.nullable(),
  /** Documents that both sweeps deleted in Firestore. */
  firestore: z.strictObject({
    /** Deleted sessions. */
    sessions: count,
    /** Deleted messages. */
    messages: count,
  }),
  /**
   * Pending operations that both sweeps dropped from the journal of the instance that swept, or from the shared journal.
   * Other instances drop the operations in their own memory without counting them.
   */
  journals: z.strictObject({
    /** Dropped operations. */
    entries: count,
  }),
});

/** The state of an erasure. */
export type Receipt = z.infer<typeof receiptSchema>;
