/**
 * Params of a suite on a machine that builds, serves and tests at once: there a first connection to Firestore may take
 * longer than production's deadline, and all calls come from one address. Deadline and rates have tests of their own.
 */
export const TEST_PARAMS = {
  RPC_DEADLINE_MS: '30000',
  USER_CALLS_PER_MINUTE: '1000000',
  ADDRESS_CALLS_PER_MINUTE: '1000000',
} as const;
