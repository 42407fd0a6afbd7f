import type { Limits } from '../index.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Limits that a test reaches after a few operations. */
export const SMALL_LIMITS: Limits = {
  idleTimeoutMs: 10 * MINUTE_MS,
  lifetimeMs: 30 * MINUTE_MS,
  touchIntervalMs: MINUTE_MS,
  retentionMs: DAY_MS,
  messagesPerSession: 10,
  recentMessages: 4,
  expiryShards: 2,
  analyticsShards: 2,
  openSessionsPerUser: 0,
};
