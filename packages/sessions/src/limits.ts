/** What was accepted while the primary was away may take the open sessions of a user to so many times their limit. */
export const REPLAY_SESSION_LIMIT_FACTOR = 2;

/** What the plans need of the configuration, in their units. */
export type Limits = {
  idleTimeoutMs: number;
  lifetimeMs: number;
  touchIntervalMs: number;
  retentionMs: number;
  messagesPerSession: number;
  recentMessages: number;
  expiryShards: number;
  analyticsShards: number;
  /** How many sessions a user may have open, roughly; 0 for no limit. */
  openSessionsPerUser: number;
};
