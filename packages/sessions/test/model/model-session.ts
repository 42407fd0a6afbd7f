import type { EndReason, Feedback, RecentMessage, Status } from 'kb-sessions-contract/records';
import type { SessionView } from 'kb-sessions-contract/views';
import type { Limits } from '../../src/index.ts';
import type { NewMessage } from '../../src/session-store.ts';
import { SOMEBODY } from '../../src/testing/actor.ts';

export type ModelMessage = NewMessage & {
  seq: number;
  at: number;
  feedback: Feedback | null;
  comment: string | null;
};

type Over = { status: 'ended'; reason: EndReason; at: number };

/** A session in the plainest terms: times as numbers, all its messages, and nothing that can be worked out of them. */
export type ModelSession = {
  id: string;
  owner: string;
  created: number;
  active: number;
  /** Null until it is ended; that it has expired follows from the time. */
  ended: Over | null;
  escalated: boolean;
  escalations: number;
  reason: string | null;
  previous: string | null;
  next: string | null;
  /** What it was told of its predecessor's messages. */
  inherited: RecentMessage[];
  messages: ModelMessage[];
};

export const expiryOf = ({ active, created }: ModelSession, limits: Limits): number =>
  Math.min(active + limits.idleTimeoutMs, created + limits.lifetimeMs);

export type State = 'open' | 'rolled over' | 'ended' | 'expired';

export const stateOf = (session: ModelSession, now: number, limits: Limits): State => {
  if (session.ended) return session.ended.reason === 'message_limit' ? 'rolled over' : 'ended';
  return now < expiryOf(session, limits) ? 'open' : 'expired';
};

export const escalate = (session: ModelSession): void => {
  if (!session.escalated) session.escalations += 1;
  session.escalated = true;
};

const iso = (millis: number) => new Date(millis).toISOString();

export const briefOf = ({ message_id, seq, role, content, at }: ModelMessage): RecentMessage => ({
  message_id,
  seq,
  role,
  content,
  created_at: iso(at),
});

/** The newest messages, the predecessor's included. */
export const recentOf = (session: ModelSession, limits: Limits): RecentMessage[] =>
  [...session.inherited, ...session.messages.map(briefOf)].slice(-limits.recentMessages);

const endingOf = (session: ModelSession, now: number, limits: Limits) => {
  if (session.ended) {
    const { status, reason, at } = session.ended;
    return { status, end_reason: reason, ended_at: iso(at) };
  }
  const expires = expiryOf(session, limits);
  if (now < expires) {
    const status: Status = session.escalated ? 'escalated' : 'active';
    return { status, end_reason: null, ended_at: null };
  }
  const atLifetime = expires === session.created + limits.lifetimeMs;
  const end_reason: EndReason = atLifetime ? 'lifetime' : 'idle_timeout';
  return { status: 'expired' as const, end_reason, ended_at: iso(expires) };
};

/** Summed up in whole ten-thousandths, as a sum of fractions depends on its order. */
const averageConfidence = (messages: ModelMessage[]): number | null => {
  const all = messages.flatMap(({ metadata }) => metadata.confidence ?? []);
  const sum = all.reduce((before, one) => before + Math.round(one * 10_000), 0);
  return all.length === 0 ? null : sum / all.length / 10_000;
};

/** A session as its owner sees it, every counter up to date. */
export const viewOf = (session: ModelSession, now: number, limits: Limits): SessionView => ({
  session_id: session.id,
  user_id: session.owner,
  ...SOMEBODY,
  created_at: iso(session.created),
  last_activity: iso(session.active),
  expires_at: iso(expiryOf(session, limits)),
  ...endingOf(session, now, limits),
  continues: session.previous,
  continued_by: session.next,
  message_seq: session.messages.length,
  message_count: session.messages.length,
  total_queries: session.messages.filter(({ role }) => role === 'user').length,
  escalations: session.escalations,
  escalation_reason: session.reason,
  feedback_positive: session.messages.filter(({ feedback }) => feedback === 'positive').length,
  feedback_negative: session.messages.filter(({ feedback }) => feedback === 'negative').length,
  avg_confidence: averageConfidence(session.messages),
  conversation_summary: '',
  fallback: false,
});
