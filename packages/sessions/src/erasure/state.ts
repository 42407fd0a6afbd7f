import type { Receipt } from 'kb-sessions-contract/receipt';
import type { IsoTime } from 'kb-sessions-contract/records';
import { toIsoTime, toMillis } from '../clock.ts';

/**
 * The time between the first sweep and the second, in milliseconds. A write that began before the tombstone may take effect
 * after the first sweep: the client library repeats a call for minutes, and an abandoned call may still be applied.
 */
export const SECOND_SWEEP_MS = 15 * 60 * 1000;

/** The state of an erasure: the document `kb_tombstones/uid_<uid>`, which stays for good. */
export type Erasure = {
  asked_at: IsoTime;
  swept_at: IsoTime | null;
  completed_at: IsoTime | null;
  /** When the next sweep is due; null once both are done. */
  sweep_at: IsoTime | null;
  /** Deleted session documents. */
  sessions: number;
  /** Deleted message documents. */
  messages: number;
  /** Pending operations dropped from journals, by sweep, so that a sweep that stores its number twice counts once. */
  entries: Record<string, number>;
};

/** A new erasure, whose first sweep is due. `now` in milliseconds. */
export const startErasure = (now: number): Erasure => ({
  asked_at: toIsoTime(now),
  swept_at: null,
  completed_at: null,
  sweep_at: toIsoTime(now),
  sessions: 0,
  messages: 0,
  entries: {},
});

/** Whether a sweep is due at `now`, in milliseconds. */
export const isSweepDue = ({ sweep_at }: Erasure, now: number): boolean =>
  sweep_at !== null && toMillis(sweep_at) <= now;

/**
 * The changes of an erasure when a sweep has finished at `now`, in milliseconds; null if another sweep finished first.
 *
 * @param before the erasure as the sweep found it
 * @param erasure the erasure now
 */
export const completeSweep = (before: Erasure, erasure: Erasure, now: number): Partial<Erasure> | null => {
  if (before.sweep_at !== erasure.sweep_at) return null;
  if (erasure.swept_at !== null) return { completed_at: toIsoTime(now), sweep_at: null };
  return { swept_at: toIsoTime(now), sweep_at: toIsoTime(now + SECOND_SWEEP_MS) };
};

/** The receipt of an erasure, for the caller. */
export const toReceipt = (user_id: string, erasure: Erasure): Receipt => {
  const { asked_at, swept_at, completed_at, sessions, messages } = erasure;
  const entries = Object.values(erasure.entries).reduce((sum, count) => sum + count, 0);
  const incompleteStatus = swept_at === null ? 'sweeping' : 'waiting';
  return {
    user_id,
    status: completed_at === null ? incompleteStatus : 'complete',
    asked_at,
    swept_at,
    completed_at,
    firestore: { sessions, messages },
    journals: { entries },
  };
};
