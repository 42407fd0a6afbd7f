import { GrpcStatus } from 'firebase-admin/firestore';
import type { FirestoreContext } from './context.ts';

/** An RPC that was given up. It may have been applied, or be applied yet: it cannot be called back. */
export class DeadlineExceededError extends Error {
  override readonly name = 'MissedDeadline';
  readonly code = GrpcStatus.DEADLINE_EXCEEDED;
}

/**
 * The answer of an RPC, or {@link DeadlineExceededError} when there is none within `deadlineMs`. The SDK itself waits and
 * repeats for more than a minute, whatever its configuration says, and the lane of the session would wait with it.
 */
export const withDeadline = <Answer>(
  { deadlineMs }: Pick<FirestoreContext, 'deadlineMs'>,
  rpc: Promise<Answer>,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const giveUp = () => reject(new DeadlineExceededError(`Firestore was to answer within ${deadlineMs} ms`));
    const timer = setTimeout(giveUp, deadlineMs);
    // Handled also once it was given up, when whatever comes of it goes to nobody.
    rpc.then(
      (answer) => {
        clearTimeout(timer);
        resolve(answer);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });

/** The grace period of a write after its first lost race, in milliseconds: 4 s by default. */
export const graceAfter = (deadlineMs: number): number => 2 * deadlineMs;

/**
 * A sweep waits for one RPC five times as long as a call, 10 s by default: no lane waits with it, and hundreds of
 * documents, or the rest of an index that was just emptied, take longer than one session.
 */
const SWEEP_DEADLINES = 5;
/** In milliseconds; only a longer deadline of the calls makes that of a sweep longer. */
const LONGEST_SWEEP_DEADLINE_MS = 10_000;

/** A context for sweeps. Their writes have the grace period of calls. */
export const withSweepDeadline = (context: FirestoreContext): FirestoreContext => {
  const longer = Math.min(SWEEP_DEADLINES * context.deadlineMs, LONGEST_SWEEP_DEADLINE_MS);
  return {
    ...context,
    deadlineMs: Math.max(context.deadlineMs, longer),
    graceMs: context.graceMs ?? graceAfter(context.deadlineMs),
  };
};
