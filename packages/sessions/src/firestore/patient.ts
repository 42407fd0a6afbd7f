import type { FirestoreContext } from './context.ts';

/**
 * What a sweep waits for one RPC at least, in milliseconds: no lane waits with it, and hundreds of documents, or the
 * rest of an index that was just emptied, take longer than one session.
 */
const PATIENCE_MS = 10_000;

/** A context for sweeps. */
export const withSweepDeadline = (context: FirestoreContext): FirestoreContext => ({
  ...context,
  deadlineMs: Math.max(context.deadlineMs, PATIENCE_MS),
});
