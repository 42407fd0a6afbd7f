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
