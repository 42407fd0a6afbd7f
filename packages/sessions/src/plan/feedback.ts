import type { SessionError } from 'kb-sessions-contract/errors';
import type { Message, MessageCounters } from 'kb-sessions-contract/records';
import { messageCounters, uncountedDelta } from '../counters.ts';
import { messageNotFoundError } from '../session-errors.ts';
import type { FeedbackOperation } from '../session-store.ts';

type FeedbackPlan =
  | { kind: 'refuse'; error: SessionError }
  /** The rating stands already. */
  | { kind: 'nothing' }
  /** Store the message and add `part`, null where no counter moves, to the totals: together, once. */
  | { kind: 'apply'; message: Message; part: MessageCounters | null };

/** Rates a message and counts what the totals do not hold of it yet, be it this rating or the message itself. */
export const planFeedback = (found: Message | null, operation: FeedbackOperation): FeedbackPlan => {
  if (found === null || found.user_id !== operation.owner || found.session_id !== operation.session_id)
    return { kind: 'refuse', error: messageNotFoundError() };
  const { uncounted: _counted, ...message } = found;
  const rated = { ...message, feedback: operation.rating, feedback_comment: operation.comment };
  const part = uncountedDelta(rated);
  if (part === null && found.feedback_comment === operation.comment && found.uncounted === undefined)
    return { kind: 'nothing' };
  return { kind: 'apply', message: { ...rated, counted: messageCounters(rated) }, part };
};
