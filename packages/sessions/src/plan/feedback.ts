import type { SessionError } from 'kb-sessions-contract/errors';
import type { Message, MessageCounters } from 'kb-sessions-contract/records';
import { messageCounters, uncountedDelta } from '../counters.ts';
import { messageNotFoundError } from '../session-errors.ts';
import type { FeedbackOperation } from '../session-store.ts';

type FeedbackPlan =
  | { kind: 'refuse'; error: SessionError }
  /** The rating is stored and counted already. */
  | { kind: 'nothing' }
  /** Store the message and add `delta` to the counters, in one commit. `delta` is null if no counter changes. */
  | { kind: 'apply'; message: Message; delta: MessageCounters | null };

/** Rates a message, and counts what the counters do not hold of it yet: the rating, and the message itself. */
export const planFeedback = (stored: Message | null, operation: FeedbackOperation): FeedbackPlan => {
  if (stored === null || stored.user_id !== operation.owner || stored.session_id !== operation.session_id)
    return { kind: 'refuse', error: messageNotFoundError() };
  const { uncounted: _uncounted, ...message } = stored;
  const rated = { ...message, feedback: operation.rating, feedback_comment: operation.comment };
  const delta = uncountedDelta(rated);
  if (delta === null && stored.feedback_comment === operation.comment && stored.uncounted === undefined)
    return { kind: 'nothing' };
  return { kind: 'apply', message: { ...rated, counted: messageCounters(rated) }, delta };
};
