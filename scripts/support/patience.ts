/**
 * Params of a suite on a machine that builds, serves and tests at once: there a first connection to Firestore may take
 * longer than production's deadline, which has tests of its own.
 */
export const patience = { RPC_DEADLINE_MS: '30000' } as const;
