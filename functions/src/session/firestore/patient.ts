import type { FirestoreSetup } from './setup.ts';

/**
 * What a sweep waits for one RPC at least, in milliseconds: no lane waits with it, and hundreds of documents, or the
 * rest of an index that was just emptied, take longer than one session.
 */
const PATIENCE_MS = 10_000;

/** A setup for sweeps. */
export const patient = (setup: FirestoreSetup): FirestoreSetup => ({
  ...setup,
  deadlineMs: Math.max(setup.deadlineMs, PATIENCE_MS),
});
