import type { Receipt } from 'kb-sessions-contract/receipt';
import type { IsoTime } from 'kb-sessions-contract/records';
import { toIsoTime, toMillis } from '../clock.ts';

/**
 * Time between the first sweep and the second, in milliseconds. A write that was begun before the tombstone may land
 * after the first: the client library repeats a call for minutes, and one that was given up may still be applied.
 */
export const SECOND_SWEEP_MS = 15 * 60 * 1000;

/** `kb_tombstones/uid_<uid>`: that a user is erased, for good, and how far that has come. */
export type Erasure = {
  asked_at: IsoTime;
  swept_at: IsoTime | null;
  completed_at: IsoTime | null;
  /** When the next sweep is due; null once there is none. */
  sweep_at: IsoTime | null;
  /** Documents deleted. */
  sessions: number;
  messages: number;
  /** What waited in journals, by sweep: so a sweep that writes its own twice adds nothing. */
  entries: Record<string, number>;
};

export const startErasure = (now: number): Erasure => ({
  asked_at: toIsoTime(now),
  swept_at: null,
  completed_at: null,
  sweep_at: toIsoTime(now),
  sessions: 0,
  messages: 0,
  entries: {},
});

export const isSweepDue = ({ sweep_at }: Erasure, now: number): boolean =>
  sweep_at !== null && toMillis(sweep_at) <= now;

/**
 * What the end of a sweep, which began when the erasure was as `begun`, changes in it as it is `now`; null where another
 * sweep of the same turn ended before.
 */
export const completeSweep = (begun: Erasure, erasure: Erasure, now: number): Partial<Erasure> | null => {
  if (begun.sweep_at !== erasure.sweep_at) return null;
  if (erasure.swept_at !== null) return { completed_at: toIsoTime(now), sweep_at: null };
  return { swept_at: toIsoTime(now), sweep_at: toIsoTime(now + SECOND_SWEEP_MS) };
};

export const toReceipt = (user_id: string, erasure: Erasure): Receipt => {
  const { asked_at, swept_at, completed_at, sessions, messages } = erasure;
  const entries = Object.values(erasure.entries).reduce((sum, count) => sum + count, 0);
  const begun = swept_at === null ? 'sweeping' : 'waiting';
  return {
    user_id,
    status: completed_at === null ? begun : 'complete',
    asked_at,
    swept_at,
    completed_at,
    firestore: { sessions, messages },
    journals: { entries },
  };
};
