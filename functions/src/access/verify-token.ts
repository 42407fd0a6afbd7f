import { TimeoutStrategy, timeout } from 'cockatiel';
import { type Auth, FirebaseAuthError } from 'firebase-admin/auth';
import { SessionError } from 'kb-sessions';

/** What Firebase Auth says of a token that it no longer stands by. */
const REVOKED_TOKEN_CODES = [
  'auth/id-token-revoked',
  'auth/id-token-expired',
  'auth/user-disabled',
  'auth/user-not-found',
];

/**
 * Asks Firebase Auth whether it still stands by an ID token, which on its own is good for up to an hour whatever became
 * of its user.
 * @throws SessionError `unauthenticated`, reason `revoked`, where the token was revoked or its user disabled or deleted;
 *   `unavailable` where there is no answer within `deadlineMs`
 */
export const createTokenVerifier =
  (auth: Pick<Auth, 'verifyIdToken'>, deadlineMs: number) =>
  async (idToken: string): Promise<void> => {
    try {
      await timeout(deadlineMs, TimeoutStrategy.Aggressive).execute(() => auth.verifyIdToken(idToken, true));
    } catch (error) {
      if (error instanceof FirebaseAuthError && REVOKED_TOKEN_CODES.includes(error.code)) {
        throw new SessionError('unauthenticated', 'sign in again', { reason: 'revoked' });
      }
      throw new SessionError('unavailable', 'the sign-in cannot be checked, try again', {}, error);
    }
  };
