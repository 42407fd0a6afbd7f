import { TimeoutStrategy, timeout } from 'cockatiel';
import { type Auth, FirebaseAuthError } from 'firebase-admin/auth';
import { SessionError } from 'kb-sessions';

/** The errors by which Firebase Auth says that a token is no longer valid. */
const REVOKED_TOKEN_CODES = [
  'auth/id-token-revoked',
  'auth/id-token-expired',
  'auth/user-disabled',
  'auth/user-not-found',
];

/**
 * Returns a function that asks Firebase Auth whether an ID token has been revoked. Without this check a token stays
 * valid for up to an hour after its user was signed out, disabled or deleted.
 * @param deadlineMs how long to wait for the answer, in milliseconds
 * @returns a function that throws a SessionError: `unauthenticated` with the reason `revoked` when the token was revoked
 *   or its user was disabled or deleted, `unavailable` when Firebase Auth does not answer within `deadlineMs`
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
