import { FirebaseError } from 'firebase/app';
import { type Functions, httpsCallable } from 'firebase/functions';
import type { CallName, CallOutput } from 'kb-sessions-contract';
import { isRetryable } from '../is-retryable.ts';
import { isSessionsErrorCode, SessionsError } from '../sessions-error.ts';
import type { Transport } from './transport.ts';

/** Functions of their own: their App Check tokens count once, which a function asks of all its calls or of none. */
const SINGLE_FUNCTIONS: readonly CallName[] = [
  'exportMyData',
  'exportUserData',
  'deleteMyData',
  'deleteUserData',
];

/** Over the Firebase JS SDK, to the grouped function `sessions`, which dispatches on the path behind its name. */
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

/** The SDK appends the HTTP status to the server's text; 0 stands for a request that got no answer. */
const HTTP_STATUS = / \[(\d+)\]$/;

const fromSdkError = (error: unknown): SessionsError => {
  if (!(error instanceof FirebaseError))
    return new SessionsError('unknown', 'the call failed inside the Firebase SDK', undefined, {
      cause: error,
    });
  if (HTTP_STATUS.exec(error.message)?.[1] === '0')
    return new SessionsError('unavailable', 'the server did not answer', undefined, { cause: error });
  const named = error.code.replace(/^functions\//, '');
  const code = isSessionsErrorCode(named) ? named : 'unknown';
  const text = error.message.replace(HTTP_STATUS, '');
  // Without a callable's body the SDK makes code and text of the HTTP status: a proxy or a missing deployment has
  // answered 403 or 404, and nobody who knows the session.
  if (text === named && !isRetryable(code))
    return new SessionsError('unknown', 'the answer is not of a callable', undefined, { cause: error });
  return new SessionsError(code, text, 'details' in error ? error.details : undefined, { cause: error });
};
