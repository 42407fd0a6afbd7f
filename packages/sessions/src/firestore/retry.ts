import { setTimeout as delay } from 'node:timers/promises';
import { contentionError, unavailableError } from '../session-errors.ts';
import { classifyError } from './classify-error.ts';
import type { FirestoreContext } from './context.ts';
import { DeadlineExceededError, graceAfter } from './deadline.ts';

/** Bounds the cost of an operation: each conflict adds 1 / 0 / 2. */
const MAX_CONFLICTS = 60;
/** After a second unknown outcome the caller repeats the operation with the same ids. */
const MAX_UNCLEAR_OUTCOMES = 1;

/** The longest wait after the first conflict, in attempts. It grows by a factor of four per conflict: the first conflict is mostly with a counter, later ones with many writers. */
const FIRST_WAIT_TRIES = 2;
/** The longest wait, in attempts. After as many attempts the wait is down to one, and then falls with the fourth power of the age. */
const MAX_WAIT_TRIES = 11;
/** The shortest wait, in attempts. Without it a loser can stay in lockstep with the winner, one RPC behind. */
const MIN_WAIT_TRIES = 0.2;
/** An attempt that took longer than this, in milliseconds, was delayed by something other than the network. */
const MAX_TRY_MS = 100;

/** The history of a write: its conflicts, the mean duration of an attempt, and the time since the first conflict. */
type Contention = { conflicts: number; tryMs: number; elapsedMs: number };

type Deadlines = Pick<FirestoreContext, 'deadlineMs' | 'graceMs'>;

/**
 * How long to wait after a conflict, in milliseconds; null to give up, after {@link MAX_CONFLICTS} conflicts or
 * `graceMs`.
 *
 * The first writer that commits after its read wins, and the attempts of the others are wasted. So it is good if few
 * writers try at the same time, and fair if those are the oldest. The writers do not know each other, so waits are long at
 * first and short in the end. They are measured in attempts, because the duration of an attempt decides how many fit into
 * a second.
 *
 * @param random from 0 up to, but not including, 1
 */
export const backoffMs = (
  { conflicts, tryMs, elapsedMs }: Contention,
  graceMs: number,
  random: number,
): number | null => {
  if (conflicts > MAX_CONFLICTS || elapsedMs > graceMs) return null;
  const unitMs = Math.min(Math.max(1, tryMs), MAX_TRY_MS);
  const age = 1 + elapsedMs / unitMs;
  const tries = Math.max(
    MIN_WAIT_TRIES,
    Math.min(FIRST_WAIT_TRIES * 4 ** (conflicts - 1), MAX_WAIT_TRIES, (MAX_WAIT_TRIES / age) ** 4),
  );
  return (unitMs * tries * (3 + random)) / 4;
};

/**
 * Makes the function to call after a conditional write has failed. It resolves if the write is worth another plan: after a
 * conflict once {@link backoffMs} has passed, after the first unknown outcome at once.
 *
 * @throws SessionError (from the returned function) `aborted` after too many conflicts; `unavailable` after a missed
 * deadline or a second unknown outcome. It rethrows an error that a repetition does not change.
 */
export const createRetrier = ({
  deadlineMs,
  graceMs = graceAfter(deadlineMs),
}: Deadlines): ((error: unknown) => Promise<void>) => {
  let conflicts = 0;
  let unclearOutcomes = 0;
  let totalTryMs = 0;
  let firstConflictAt: number | undefined;
  let startedAt = performance.now();
  return async (error) => {
    const failure = classifyError(error);
    if (failure === 'refused') throw error;
    // After a missed deadline the caller has waited long enough.
    if (error instanceof DeadlineExceededError) throw unavailableError(error);
    if (failure === 'unclear') {
      if (++unclearOutcomes > MAX_UNCLEAR_OUTCOMES) throw unavailableError(error);
      startedAt = performance.now();
      return;
    }
    const now = performance.now();
    firstConflictAt ??= now;
    conflicts += 1;
    totalTryMs += now - startedAt;
    const tryMs = totalTryMs / conflicts;
    const waitMs = backoffMs({ conflicts, tryMs, elapsedMs: now - firstConflictAt }, graceMs, Math.random());
    if (waitMs === null) throw contentionError(error);
    await delay(waitMs);
    startedAt = performance.now();
  };
};
