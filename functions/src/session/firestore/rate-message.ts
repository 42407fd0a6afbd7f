import { GrpcStatus } from 'firebase-admin/firestore';
import { charge } from '../cost.ts';
import { messageNotFound } from '../errors.ts';
import { planFeedback } from '../plan/feedback.ts';
import type { FeedbackOperation } from '../store.ts';
import { decodeMessage } from './codec.ts';
import { commitCounted } from './counting.ts';
import { messagesOf } from './documents.ts';
import { codeOf } from './failures.ts';
import { inTime } from './in-time.ts';
import type { FirestoreSetup } from './setup.ts';
import { tryingAgain } from './trying-again.ts';

/**
 * Stores a rating and counts it, with the message itself where that is not counted yet, in one commit that is
 * conditional on the message. 1 document read, 3 written, 2 round trips; a lost race adds 1 / 0 / 2.
 */
export const rateMessage = async (setup: FirestoreSetup, operation: FeedbackOperation): Promise<void> => {
  const tryAgain = tryingAgain();
  while (true) {
    const snapshot = await inTime(setup, messagesOf(setup.db).doc(operation.message_id).get());
    charge(1, 0);
    const data = snapshot.data();
    const plan = planFeedback(data ? decodeMessage(data) : null, operation);
    if (plan.kind === 'refuse') throw plan.error;
    if (plan.kind === 'nothing' || !snapshot.updateTime) return;
    const { feedback, feedback_comment } = plan.message;
    try {
      await commitCounted(setup, plan.message, snapshot.updateTime, plan.part, {
        feedback,
        feedback_comment,
      });
      return;
    } catch (error) {
      if (codeOf(error) === GrpcStatus.NOT_FOUND) throw messageNotFound();
      await tryAgain(error);
    }
  }
};
