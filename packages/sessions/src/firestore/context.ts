import type { Firestore, Timestamp } from 'firebase-admin/firestore';
import type { Limits } from '../limits.ts';

/** What every function of `kb-sessions/firestore` works with. */
export type FirestoreContext = {
  db: Firestore;
  limits: Limits;
  /** The deadline of one RPC, in milliseconds. */
  deadlineMs: number;
  /** How long a write is repeated after its first conflict, in milliseconds: two deadlines if absent. */
  graceMs?: number;
  /** The time of a plan, in milliseconds, from the `readTime` of its reads: the clock of Firestore, not that of an instance. */
  now(readTime: Timestamp): number;
  /** A random whole number from 0 to `below` - 1. It spreads writes over shards. */
  random(below: number): number;
};
