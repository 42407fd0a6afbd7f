import type { CallName, CallOutput } from '../contract-types.ts';
import { isSessionsErrorCode, SessionsError } from '../sessions-error.ts';
import type { Transport } from './transport.ts';

/** The caller, as its ID token describes it. */
export type DirectAuth = { uid: string; token: Record<string, unknown> };

/** A callable that `onCall` of firebase-functions returns, or a fake of one. */
export type DirectCallable = {
  run(request: { data: unknown; auth?: DirectAuth; acceptsStreaming: boolean }): unknown;
};

/**
 * A transport for tests that calls callables in the same process. Input, output and error details are copied through JSON
 * as on the wire. An error that is not an `HttpsError` arrives as `internal` without its message; `cause` holds it.
 *
 * @param callables - the callables by call name; other calls fail with `unimplemented`
 * @param auth - the caller; without it the call is not signed in
 *
 * @example
 * ```ts
 * import { createClient, directTransport } from 'kb-sessions-client';
 *
 * const endSession = { run: ({ auth }: { auth?: { uid: string } }) => ({ session_id: auth?.uid, status: 'ended' }) };
 * const sessions = createClient(directTransport({ endSession }, { uid: 'thandi', token: {} }));
 * console.log(await sessions.endSession({ session_id: 'any' }));
 * ```
 */
export const directTransport =
  (callables: Partial<Record<CallName, DirectCallable>>, auth?: DirectAuth): Transport =>
  async <N extends CallName>(name: N, data: unknown): Promise<CallOutput<N>> => {
    const callable = callables[name];
    if (!callable) throw new SessionsError('unimplemented', `no callable named ${name}`);
    try {
      const output = await callable.run({
        data: copyThroughJson(data),
        ...(auth && { auth }),
        acceptsStreaming: false,
      });
      return copyThroughJson(output);
    } catch (error) {
      throw fromCallableError(error);
    }
  };

const copyThroughJson = (value: unknown) => JSON.parse(JSON.stringify(value ?? null));

const fromCallableError = (error: unknown): SessionsError =>
  error instanceof Error && 'code' in error && isSessionsErrorCode(error.code)
    ? new SessionsError(
        error.code,
        error.message,
        copyThroughJson('details' in error ? error.details : null),
        {
          cause: error,
        },
      )
    : new SessionsError('internal', 'INTERNAL', undefined, { cause: error });
