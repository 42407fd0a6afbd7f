/** Params with which an outage is noticed, and its end found, soon enough for a test. */
export const FAST_OUTAGE_PARAMS = {
  RPC_DEADLINE_MS: '1000',
  BREAKER_FAILURES: '2',
  BREAKER_PROBE_SECONDS: '1',
} as const;
