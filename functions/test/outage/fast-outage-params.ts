/** Params with which a host notices an outage, and its end, soon enough for a test. */
export const FAST_OUTAGE_PARAMS = { BREAKER_FAILURES: '2', BREAKER_PROBE_SECONDS: '1' } as const;

/**
 * The params of a host that meets a Firestore without answers. Other hosts prepare and check the data: on a busy machine
 * an RPC of a healthy Firestore may take longer than this deadline.
 */
export const SHORT_DEADLINE_PARAMS = { ...FAST_OUTAGE_PARAMS, RPC_DEADLINE_MS: '1000' } as const;
