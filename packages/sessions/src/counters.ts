import { CONFIDENCE_UNIT } from 'kb-sessions-contract/confidence';
import {
  isoTimeSchema,
  type Message,
  type MessageCounters,
  messageCountersSchema,
  roleSchema,
  type Session,
  sessionIdSchema,
} from 'kb-sessions-contract/records';
import * as z from 'zod';

export const ZERO_COUNTERS: MessageCounters = {
  messages: 0,
  queries: 0,
  confidence_sum: 0,
  confidence_count: 0,
  feedback_positive: 0,
  feedback_negative: 0,
  sessions_created: 0,
  fallbacks: 0,
};

/** What a message, as it stands, adds to the totals. */
export const messageCounters = (message: Message): MessageCounters => {
  const confidence = message.metadata.confidence;
  return {
    messages: 1,
    queries: message.role === 'user' ? 1 : 0,
    confidence_sum: confidence === undefined ? 0 : Math.round(confidence * CONFIDENCE_UNIT),
    confidence_count: confidence === undefined ? 0 : 1,
    feedback_positive: message.feedback === 'positive' ? 1 : 0,
    feedback_negative: message.feedback === 'negative' ? 1 : 0,
    sessions_created: message.seq === 1 ? 1 : 0,
    fallbacks: message.replayed ? 1 : 0,
  };
};

/** Whether a stored message is of the form that its {@link messageCounters} needs, whatever else it has. */
export const isCountable = (message: unknown): boolean => countable.safeParse(message).success;

const countable = z.looseObject({
  session_id: sessionIdSchema,
  seq: z.int(),
  role: roleSchema,
  created_at: isoTimeSchema,
  metadata: z.looseObject({ confidence: z.number().optional() }),
  counted: messageCountersSchema.nullable(),
});

/** What the totals do not hold of a message yet; null where they hold it all. */
export const uncountedDelta = (message: Message): MessageCounters | null => {
  const due = messageCounters(message);
  const held = message.counted ?? ZERO_COUNTERS;
  const keys = Object.keys(due) as (keyof MessageCounters)[];
  if (keys.every((key) => due[key] === held[key])) return null;
  return Object.fromEntries(keys.map((key) => [key, due[key] - held[key]])) as MessageCounters;
};

type SessionCounter =
  | 'message_count'
  | 'total_queries'
  | 'confidence_sum'
  | 'confidence_count'
  | 'feedback_positive'
  | 'feedback_negative';

/** The counters of a session that a difference moves. */
export const sessionCounters = (part: MessageCounters): Pick<Session, SessionCounter> => ({
  message_count: part.messages,
  total_queries: part.queries,
  confidence_sum: part.confidence_sum,
  confidence_count: part.confidence_count,
  feedback_positive: part.feedback_positive,
  feedback_negative: part.feedback_negative,
});

/** The counters of a day that a difference moves. */
export const dayCounters = (part: MessageCounters) => ({
  ...sessionCounters(part),
  sessions_created: part.sessions_created,
  fallbacks: part.fallbacks,
});
