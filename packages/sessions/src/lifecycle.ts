import { type EndReason, SCHEMA_VERSION, type Session, type UserInfo } from 'kb-sessions-contract/records';
import { toIsoTime, toMillis } from './clock.ts';
import type { Limits } from './limits.ts';

/** Whether the status of a session is open. A session past `expires_at` needs {@link expireIfDue} first. */
export const isOpen = (session: Session): boolean =>
  session.status === 'active' || session.status === 'escalated';

const close = (
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
 * The session as it is at `now`, in milliseconds: expired if its `expires_at` has passed, whether or not a sweep has
 * stored that. Its `ended_at` is its `expires_at`, so every call and every sweep that finds the expiry stores the same.
 */
export const expireIfDue = (session: Session, now: number, limits: Limits): Session => {
  if (!isOpen(session) || toMillis(session.expires_at) > now) return session;
  const atLifetime = toMillis(session.expires_at) >= toMillis(session.created_at) + limits.lifetimeMs;
  return close(session, 'expired', atLifetime ? 'lifetime' : 'idle_timeout', session.expires_at);
};

/** Ends a session for its owner or for an admin. `now` in milliseconds. */
export const terminate = (session: Session, now: number, by: 'user' | 'admin' = 'user'): Session =>
  close(session, 'ended', by, toIsoTime(now));

/** Ends a full session and links it to its successor. `now` in milliseconds. */
export const rollOver = (session: Session, successor_id: string, now: number): Session => ({
  ...close(session, 'ended', 'message_limit', toIsoTime(now)),
  continued_by: successor_id,
});

/** Marks a session as waiting for a person. It stays open. Its counter `escalations` says how often that happened. */
export const escalate = (session: Session): Session => ({
  ...session,
  status: 'escalated',
  escalations: session.escalations + 1,
});

/** Moves `last_activity` and `expires_at` forward, never back: two reads of the primary may arrive in either order. `now` in milliseconds. */
export const touch = (session: Session, now: number, limits: Limits): Session => {
  const activityMs = Math.max(now, toMillis(session.last_activity));
  const expiryMs = Math.min(
    activityMs + limits.idleTimeoutMs,
    toMillis(session.created_at) + limits.lifetimeMs,
  );
  return {
    ...session,
    last_activity: toIsoTime(activityMs),
    expires_at: toIsoTime(Math.max(expiryMs, toMillis(session.expires_at))),
  };
};

type NewSessionOptions = {
  session_id: string;
  owner: string;
  user: UserInfo;
  /** Milliseconds. */
  now: number;
  expiryShard: number;
  limits: Limits;
};

/** A new session without messages. */
export const newSession = ({
  session_id,
  owner,
  user,
  now,
  expiryShard,
  limits,
}: NewSessionOptions): Session => ({
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

const userInfoOf = (session: Session): UserInfo => ({
  user_email: session.user_email,
  user_name: session.user_name,
  company: session.company,
  division: session.division,
  user_type: session.user_type,
});

/** The session that continues another one: with the same user, and with its newest messages as context, their `seq` negated. */
export const newSuccessor = (
  predecessor: Session,
  options: Omit<NewSessionOptions, 'user' | 'owner'>,
): Session => ({
  ...newSession({ ...options, owner: predecessor.user_id, user: userInfoOf(predecessor) }),
  continues: predecessor.session_id,
  conversation_summary: predecessor.conversation_summary,
  recent: predecessor.recent.map((message) => ({ ...message, seq: -Math.abs(message.seq) })),
});
