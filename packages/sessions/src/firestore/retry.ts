import { setTimeout as delay } from 'node:timers/promises';
import { contentionError, unavailableError } from '../session-errors.ts';
import { classifyError } from './classify-error.ts';
import type { FirestoreContext } from './context.ts';
import { DeadlineExceededError, graceAfter } from './deadline.ts';

/** So that the cost of an operation is bounded: a lost race adds 1 / 0 / 2. */
const MAX_RACES = 60;
/** A second unclear outcome is no accident: the caller offers the call again, with the same ids. */
const MAX_UNCLEAR = 1;

/** At most so many tries' time, four times as many after each further race: one is mostly lost to a counter, more to many. */
const FIRST_WAIT = 2;
/** No wait is longer than so many tries; after as many the wait is down to one, and falls with the fourth power of the age. */
const MAX_WAIT_TRIES = 11;
/** Never less: who waits for nothing can stay in step with a winner, one RPC behind, for ever. */
const MIN_WAIT_TRIES = 0.2;
/** A try that took longer than this was held up by something else than the network. */
const LONGEST_TRY_MS = 100;

/** What a write has been through: races lost, the mean time of a try, and the time since it lost the first race. */
type Races = { races: number; tryMs: number; elapsedMs: number };

type Deadlines = Pick<FirestoreContext, 'deadlineMs' | 'graceMs'>;

/**
 * How many milliseconds to wait after a lost race; null: give up, after {@link MAX_RACES} races or `graceMs`.
 *
 * Who commits first after a read wins and the others' tries are wasted, so it is good if few try at a time; and as
 * nobody knows of the others, it is fair if these are the oldest. So waits are long at first and short in the end. They
 * are counted in tries, since how many fit into a second depends on how long one takes.
 *
 * @param random from 0 up to, not including, 1
 */
export const backoffMs = (
  { races, tryMs, elapsedMs }: Races,
  graceMs: number,
  random: number,
): number | null => {
  if (races > MAX_RACES || elapsedMs > graceMs) return null;
  const unitMs = Math.min(Math.max(1, tryMs), LONGEST_TRY_MS);
  const age = 1 + elapsedMs / unitMs;
  const tries = Math.max(
    MIN_WAIT_TRIES,
    Math.min(FIRST_WAIT * 4 ** (races - 1), MAX_WAIT_TRIES, (MAX_WAIT_TRIES / age) ** 4),
  );
  return (unitMs * tries * (3 + random)) / 4;
};

/**
 * What to do after a conditional write has failed: the function returned resolves if the write is worth planning again,
 * after a lost race only when {@link backoffMs} has been waited.
 * It rejects with `aborted` when that gives up, with `unavailable` after repeated unclear outcomes, and with the error
 * itself where trying again will not help.
 */
export const createRetrier = ({
  deadlineMs,
  graceMs = graceAfter(deadlineMs),
}: Deadlines): ((error: unknown) => Promise<void>) => {
  let races = 0;
  let unclear = 0;
  let triedMs = 0;
  let firstLost: number | undefined;
  let since = performance.now();
  return async (error) => {
    const failure = classifyError(error);
    if (failure === 'refused') throw error;
    // After a missed deadline the caller has waited long enough.
    if (error instanceof DeadlineExceededError) throw unavailableError(error);
    if (failure === 'unclear') {
      if (++unclear > MAX_UNCLEAR) throw unavailableError(error);
      since = performance.now();
      return;
    }
    const now = performance.now();
    firstLost ??= now;
    races += 1;
    triedMs += now - since;
    const lost = { races, tryMs: triedMs / races, elapsedMs: now - firstLost };
    const wait = backoffMs(lost, graceMs, Math.random());
    if (wait === null) throw contentionError(error);
    await delay(wait);
    since = performance.now();
  };
};
