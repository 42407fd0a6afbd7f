import { GrpcStatus } from 'firebase-admin/firestore';
import { recordCost } from '../operation-cost.ts';
import { planFeedback } from '../plan/feedback.ts';
import { messageNotFoundError } from '../session-errors.ts';
import type { FeedbackOperation } from '../session-store.ts';
import { grpcCode } from './classify-error.ts';
import { decodeMessage } from './codec.ts';
import type { FirestoreContext } from './context.ts';
import { commitCount } from './counters/count-message.ts';
import { withDeadline } from './deadline.ts';
import { messagesCollection } from './documents.ts';
import { createRetrier } from './retry.ts';

/**
 * Stores a rating and counts it, together with the message itself if that is not counted yet, in one commit that is
 * conditional on the message. Cost: 1 / 3 / 2; each conflict adds 1 / 0 / 2.
 *
 * @throws SessionError `not-found`; `aborted` or `unavailable`, see {@link createRetrier}
 */
export const rateMessage = async (context: FirestoreContext, operation: FeedbackOperation): Promise<void> => {
  const retry = createRetrier(context);
  while (true) {
    const snapshot = await withDeadline(
      context,
      messagesCollection(context.db).doc(operation.message_id).get(),
    );
    recordCost(1, 0);
    const data = snapshot.data();
    const plan = planFeedback(data ? decodeMessage(data) : null, operation);
    if (plan.kind === 'refuse') throw plan.error;
    if (plan.kind === 'nothing' || !snapshot.updateTime) return;
    const { feedback, feedback_comment } = plan.message;
    try {
      await commitCount(context, plan.message, snapshot.updateTime, plan.delta, {
        feedback,
        feedback_comment,
      });
      return;
    } catch (error) {
      if (grpcCode(error) === GrpcStatus.NOT_FOUND) throw messageNotFoundError();
      await retry(error);
    }
  }
};
