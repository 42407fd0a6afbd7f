import type { Firestore, Timestamp } from 'firebase-admin/firestore';
import type { Limits } from '../limits.ts';

/** What everything in this folder works with. */
export type FirestoreContext = {
  db: Firestore;
  limits: Limits;
  /** How long anything waits for one RPC, in milliseconds. */
  deadlineMs: number;
  /** How long a write that lost a race is tried again, in milliseconds: as long as two RPCs may take if absent. */
  graceMs?: number;
  /** The time a plan takes for now, in milliseconds, from the `readTime` of what it read: the primary's clock, no instance's. */
  now(readTime: Timestamp): number;
  /** A whole number from 0 up to, not including, `below`: spreads writes over shards. */
  random(below: number): number;
};
