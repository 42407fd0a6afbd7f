import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';

/** So small that a random run of some dozen steps meets roll-overs, chains of them and both ends of time. */
export const MODEL_LIMITS = {
  ...SMALL_LIMITS,
  lifetimeMs: 1.5 * SMALL_LIMITS.idleTimeoutMs,
  messagesPerSession: 4,
  recentMessages: 3,
};
