import { FirebaseError } from 'firebase/app';
import { type Functions, httpsCallable } from 'firebase/functions';
import type { CallName, CallOutput } from '../../functions/src/contract.ts';
import { isSessionsErrorCode, SessionsError } from './sessions-error.ts';
import type { Transport } from './transport.ts';

/** Over the Firebase JS SDK, to the grouped function `sessions`, which dispatches on the path behind its name. */
export const firebaseTransport =
  (functions: Functions): Transport =>
  async <N extends CallName>(name: N, data: unknown) => {
    try {
      const { data: output } = await httpsCallable<unknown, CallOutput<N>>(
        functions,
        `sessions/${name}`,
      )(data);
      return output;
    } catch (error) {
      throw fromSdk(error);
    }
  };

/** The SDK appends the HTTP status to the server's text; 0 stands for a request that got no answer. */
const httpStatus = / \[(\d+)\]$/;

const fromSdk = (error: unknown): SessionsError => {
  if (!(error instanceof FirebaseError))
    return new SessionsError('unknown', 'the call failed inside the Firebase SDK', undefined, {
      cause: error,
    });
  if (httpStatus.exec(error.message)?.[1] === '0')
    return new SessionsError('unavailable', 'the server did not answer', undefined, { cause: error });
  const code = error.code.replace(/^functions\//, '');
  return new SessionsError(
    isSessionsErrorCode(code) ? code : 'unknown',
    error.message.replace(httpStatus, ''),
    'details' in error ? error.details : undefined,
    { cause: error },
  );
};
