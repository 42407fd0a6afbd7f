import { GrpcStatus } from 'firebase-admin/firestore';
import type { FirestoreContext } from './context.ts';

/** An RPC had no answer within its deadline. It may have been applied, or may still be applied: it cannot be cancelled. */
export class DeadlineExceededError extends Error {
  override readonly name = 'MissedDeadline';
  readonly code = GrpcStatus.DEADLINE_EXCEEDED;
}

/**
 * The answer of an RPC. The SDK itself waits and repeats for more than a minute, whatever its configuration says, and the
 * batch queue of the session would wait as long.
 *
 * @throws DeadlineExceededError if there is no answer within `deadlineMs`
 */
export const withDeadline = <Answer>(
  { deadlineMs }: Pick<FirestoreContext, 'deadlineMs'>,
  rpc: Promise<Answer>,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const expire = () =>
      reject(new DeadlineExceededError(`no answer from Firestore within ${deadlineMs} ms`));
    const timer = setTimeout(expire, deadlineMs);
    // These handlers also run after the deadline, so that a late rejection is not unhandled.
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

/**
 * The minimum deadline of an RPC in sweeps, in milliseconds. No batch queue waits for a sweep, and hundreds of documents,
 * or the remains of an index whose entries were just deleted, take longer than one session.
 */
const SWEEP_DEADLINE_MS = 10_000;

/** How long a write is repeated after its first conflict, in milliseconds: as long as two RPCs may take. */
export const graceAfter = (deadlineMs: number): number => 2 * deadlineMs;

/** The context for sweeps: with a deadline of at least {@link SWEEP_DEADLINE_MS}. Their writes have the grace period of calls. */
export const withSweepDeadline = (context: FirestoreContext): FirestoreContext => ({
  ...context,
  deadlineMs: Math.max(context.deadlineMs, SWEEP_DEADLINE_MS),
  graceMs: context.graceMs ?? graceAfter(context.deadlineMs),
});
