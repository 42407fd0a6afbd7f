/** The factor by which replays may exceed the limit on open sessions of a user: they were accepted during an outage. */
export const REPLAY_SESSION_LIMIT_FACTOR = 2;

/** The configuration of the plans. */
export type Limits = {
  /** How long a session stays open without activity, in milliseconds. */
  idleTimeoutMs: number;
  /** How long a session stays open at most, in milliseconds. */
  lifetimeMs: number;
  /** How often reading a session touches it at most, in milliseconds. Half of the idle timeout applies if it is shorter. */
  touchIntervalMs: number;
  /** How long records stay after the lifetime, in milliseconds. */
  retentionMs: number;
  /** Messages per session; the next message rolls the session over. */
  messagesPerSession: number;
  /** Messages in the session document, for contexts and the newest page of a history. */
  recentMessages: number;
  /** Shards of the expiry index. */
  expiryShards: number;
  /** Shards of the counters of a day. */
  analyticsShards: number;
  /** Open sessions per user; 0 for no limit. Approximate: sessions that are created at the same time are not counted. */
  openSessionsPerUser: number;
};
