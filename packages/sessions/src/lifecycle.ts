import { type EndReason, SCHEMA_VERSION, type Session, type UserInfo } from 'kb-sessions-contract/records';
import { toIsoTime, toMillis } from './clock.ts';
import type { Limits } from './limits.ts';

export const isOpen = (session: Session): boolean =>
  session.status === 'active' || session.status === 'escalated';

const over = (
  session: Session,
  status: 'ended' | 'expired',
  end_reason: EndReason,
  ended_at: string,
): Session => ({
  ...session,
  status,
  end_reason,
  ended_at,
  uncounted: true,
});

/**
 * A session as it is at `now`: one past its `expires_at` is expired, swept or not. It ended at its `expires_at`,
 * whenever that is noticed, so every sweep and every call that notices writes the same.
 */
export const expireIfDue = (session: Session, now: number, limits: Limits): Session => {
  if (!isOpen(session) || toMillis(session.expires_at) > now) return session;
  const atLifetime = toMillis(session.expires_at) >= toMillis(session.created_at) + limits.lifetimeMs;
  return over(session, 'expired', atLifetime ? 'lifetime' : 'idle_timeout', session.expires_at);
};

/** Ends a session at the wish of its owner, or of an admin. */
export const terminate = (session: Session, now: number, by: 'user' | 'admin' = 'user'): Session =>
  over(session, 'ended', by, toIsoTime(now));

/** Ends a full session in favour of its successor. */
export const rollOver = (session: Session, successor: string, now: number): Session => ({
  ...over(session, 'ended', 'message_limit', toIsoTime(now)),
  continued_by: successor,
});

/** A session that waits for a human: it goes on, and its counter says how often that was asked for. */
export const escalate = (session: Session): Session => ({
  ...session,
  status: 'escalated',
  escalations: session.escalations + 1,
});

/** Moves `last_activity` and `expires_at` forward, never back: two reads of the primary may reach us in either order. */
export const touch = (session: Session, now: number, limits: Limits): Session => {
  const activity = Math.max(now, toMillis(session.last_activity));
  const expires = Math.min(activity + limits.idleTimeoutMs, toMillis(session.created_at) + limits.lifetimeMs);
  return {
    ...session,
    last_activity: toIsoTime(activity),
    expires_at: toIsoTime(Math.max(expires, toMillis(session.expires_at))),
  };
};

type Opening = {
  session_id: string;
  owner: string;
  user: UserInfo;
  now: number;
  expiryShard: number;
  limits: Limits;
};

/** A session without messages. */
export const newSession = ({ session_id, owner, user, now, expiryShard, limits }: Opening): Session => ({
  session_id,
  user_id: owner,
  ...user,
  created_at: toIsoTime(now),
  last_activity: toIsoTime(now),
  expires_at: toIsoTime(now + Math.min(limits.idleTimeoutMs, limits.lifetimeMs)),
  expiry_shard: expiryShard,
  status: 'active',
  ended_at: null,
  end_reason: null,
  continues: null,
  continued_by: null,
  message_seq: 0,
  recent: [],
  message_count: 0,
  total_queries: 0,
  escalations: 0,
  escalation_reason: null,
  feedback_positive: 0,
  feedback_negative: 0,
  confidence_sum: 0,
  confidence_count: 0,
  conversation_summary: '',
  fallback: false,
  purge_at: toIsoTime(now + limits.lifetimeMs + limits.retentionMs),
  schema_version: SCHEMA_VERSION,
});

const userOf = (session: Session): UserInfo => ({
  user_email: session.user_email,
  user_name: session.user_name,
  company: session.company,
  division: session.division,
  user_type: session.user_type,
});

/** The session that continues `from`: its user, and its newest messages as context with their `seq` negated. */
export const newSuccessor = (from: Session, opening: Omit<Opening, 'user' | 'owner'>): Session => ({
  ...newSession({ ...opening, owner: from.user_id, user: userOf(from) }),
  continues: from.session_id,
  conversation_summary: from.conversation_summary,
  recent: from.recent.map((message) => ({ ...message, seq: -Math.abs(message.seq) })),
});
