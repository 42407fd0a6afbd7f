import type { CallName, CallOutput } from '../contract-types.ts';

/**
 * Carries one call to the server and its answer back. `data` is plain JSON. A transport does not validate the answer,
 * because the server makes it from the same schemas. It rejects with a {@link SessionsError} and nothing else.
 */
export type Transport = <N extends CallName>(name: N, data: unknown) => Promise<CallOutput<N>>;
