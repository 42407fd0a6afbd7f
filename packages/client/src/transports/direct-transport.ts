import type { CallName, CallOutput } from 'kb-sessions-contract';
import { isSessionsErrorCode, SessionsError } from '../sessions-error.ts';
import type { Transport } from './transport.ts';

/** Who calls: what the ID token says. */
export type DirectAuth = { uid: string; token: Record<string, unknown> };

/** A callable as `onCall` of firebase-functions makes it, or a fake of one. */
export type DirectCallable = {
  run(request: { data: unknown; auth?: DirectAuth; acceptsStreaming: boolean }): unknown;
};

/**
 * In process, without a server: for tests. Input, output and the details of errors go through JSON as they do on the
 * wire, and an error that is not an `HttpsError` arrives as `internal` without its text, which only `cause` keeps.
 *
 * @param auth - the caller; without one the callable sees nobody signed in
 */
export const directTransport =
  (callables: Partial<Record<CallName, DirectCallable>>, auth?: DirectAuth): Transport =>
  async <N extends CallName>(name: N, data: unknown): Promise<CallOutput<N>> => {
    const callable = callables[name];
    if (!callable) throw new SessionsError('unimplemented', `no callable named ${name}`);
    try {
      const output = await callable.run({
        data: throughJson(data),
        ...(auth && { auth }),
        acceptsStreaming: false,
      });
      return throughJson(output);
    } catch (error) {
      throw fromCallableError(error);
    }
  };

const throughJson = (value: unknown) => JSON.parse(JSON.stringify(value ?? null));

const fromCallableError = (error: unknown): SessionsError =>
  error instanceof Error && 'code' in error && isSessionsErrorCode(error.code)
    ? new SessionsError(error.code, error.message, throughJson('details' in error ? error.details : null), {
        cause: error,
      })
    : new SessionsError('internal', 'INTERNAL', undefined, { cause: error });
