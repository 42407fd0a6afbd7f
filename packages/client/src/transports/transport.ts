import type { CallName, CallOutput } from 'kb-sessions-contract';

/**
 * Carries one call to the server and its answer back. `data` is JSON already. The answer is taken to be what the
 * contract says: the server makes it from the same schemas. Rejects with a `SessionsError` and nothing else.
 */
export type Transport = <N extends CallName>(name: N, data: unknown) => Promise<CallOutput<N>>;
