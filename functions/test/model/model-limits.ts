import { SMALL_LIMITS } from '../support/limits.ts';

/** So small that a random run of some dozen steps meets roll-overs, chains of them and every edge of time. */
export const MODEL_LIMITS = {
  ...SMALL_LIMITS,
  messagesPerSession: 4,
  recentMessages: 3,
};
