import { FirebaseError } from 'firebase/app';
import { type Functions, httpsCallable } from 'firebase/functions';
import type { CallName, CallOutput } from '../contract-types.ts';
import { isRetryable } from '../is-retryable.ts';
import { isSessionsErrorCode, SessionsError } from '../sessions-error.ts';
import type { Transport } from './transport.ts';

/** Calls that are functions of their own, because they consume limited-use App Check tokens. */
const SINGLE_FUNCTIONS: CallName[] = ['exportMyData', 'exportUserData', 'deleteMyData', 'deleteUserData'];

/**
 * A transport over the Firebase JS SDK, to the function `sessions`, which dispatches on the path after its name, and to
 * the functions of their own.
 *
 * @param functions - the Functions of an app, in the region of the deployment
 *
 * @example
 * ```ts
 * import { initializeApp } from 'firebase/app';
 * import { getFunctions } from 'firebase/functions';
 * import { createClient, firebaseTransport } from 'kb-sessions-client';
 *
 * const app = initializeApp({ projectId: 'demo-kb-sessions', apiKey: 'any' });
 * const withoutOutbox = createClient(firebaseTransport(getFunctions(app, 'europe-west1')));
 * console.log(await withoutOutbox.listSessions());
 * ```
 */
export const firebaseTransport =
  (functions: Functions): Transport =>
  async <N extends CallName>(name: N, data: unknown) => {
    const isSingle = SINGLE_FUNCTIONS.includes(name);
    const path = isSingle ? name : `sessions/${name}`;
    const options = { limitedUseAppCheckTokens: isSingle };
    try {
      const { data: output } = await httpsCallable<unknown, CallOutput<N>>(functions, path, options)(data);
      return output;
    } catch (error) {
      throw fromSdkError(error);
    }
  };

/** The SDK appends the HTTP status to the message of the server. The status 0 means that there was no response. */
const HTTP_STATUS = / \[(\d+)\]$/;

const fromSdkError = (error: unknown): SessionsError => {
  if (!(error instanceof FirebaseError))
    return new SessionsError('unknown', 'the call failed inside the Firebase SDK', undefined, {
      cause: error,
    });
  if (HTTP_STATUS.exec(error.message)?.[1] === '0')
    return new SessionsError('unavailable', 'the server did not answer', undefined, { cause: error });
  const name = error.code.replace(/^functions\//, '');
  const code = isSessionsErrorCode(name) ? name : 'unknown';
  const message = error.message.replace(HTTP_STATUS, '');
  // For a response that is not of a callable the SDK makes code and message of the HTTP status. A proxy or a missing
  // deployment has answered 403 or 404, which says nothing about the session.
  if (message === name && !isRetryable(code))
    return new SessionsError('unknown', 'the answer is not of a callable', undefined, { cause: error });
  return new SessionsError(code, message, 'details' in error ? error.details : undefined, { cause: error });
};
