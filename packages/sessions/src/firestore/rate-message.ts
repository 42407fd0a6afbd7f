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
 * Stores a rating and counts it, with the message itself where that is not counted yet, in one commit that is
 * conditional on the message. 1 document read, 3 written, 2 round trips; a lost race adds 1 / 0 / 2.
 */
export const rateMessage = async (context: FirestoreContext, operation: FeedbackOperation): Promise<void> => {
  const tryAgain = createRetrier(context);
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
      await commitCount(context, plan.message, snapshot.updateTime, plan.part, {
        feedback,
        feedback_comment,
      });
      return;
    } catch (error) {
      if (grpcCode(error) === GrpcStatus.NOT_FOUND) throw messageNotFoundError();
      await tryAgain(error);
    }
  }
};
