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

/** The counters of a message that is not counted yet. */
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

/** What a message, as it is now, adds to the counters. */
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

/** Whether a stored message has the fields that {@link messageCounters} needs. Other fields are not checked. */
export const isCountable = (message: unknown): boolean => countableSchema.safeParse(message).success;

const countableSchema = z.looseObject({
  session_id: sessionIdSchema,
  seq: z.int(),
  role: roleSchema,
  created_at: isoTimeSchema,
  metadata: z.looseObject({ confidence: z.number().optional() }),
  counted: messageCountersSchema.nullable(),
});

/** The delta of a message: what the counters do not hold of it yet; null if they hold all of it. */
export const uncountedDelta = (message: Message): MessageCounters | null => {
  const target = messageCounters(message);
  const counted = message.counted ?? ZERO_COUNTERS;
  const keys = Object.keys(target) as (keyof MessageCounters)[];
  if (keys.every((key) => target[key] === counted[key])) return null;
  return Object.fromEntries(keys.map((key) => [key, target[key] - counted[key]])) as MessageCounters;
};

type SessionCounter =
  | 'message_count'
  | 'total_queries'
  | 'confidence_sum'
  | 'confidence_count'
  | 'feedback_positive'
  | 'feedback_negative';

/** The part of a delta that belongs to the session. */
export const sessionCounters = (delta: MessageCounters): Pick<Session, SessionCounter> => ({
  message_count: delta.messages,
  total_queries: delta.queries,
  confidence_sum: delta.confidence_sum,
  confidence_count: delta.confidence_count,
  feedback_positive: delta.feedback_positive,
  feedback_negative: delta.feedback_negative,
});

/** The part of a delta that belongs to the day. */
export const dayCounters = (delta: MessageCounters) => ({
  ...sessionCounters(delta),
  sessions_created: delta.sessions_created,
  fallbacks: delta.fallbacks,
});
