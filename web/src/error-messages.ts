import { FirebaseError } from 'firebase/app';
import { isSessionsError, type SessionsError } from 'kb-sessions-client';

/** Returns the message for the user: one or two plain sentences, never the message of the error. */
export const errorMessage = (error: unknown): string => {
  if (isSessionsError(error)) return callErrorMessage(error);
  if (error instanceof FirebaseError && error.code.startsWith('auth/')) return signInErrorMessage(error.code);
  return UNEXPECTED;
};

/** Whether {@link errorMessage} has no specific message for the error, so that it should be logged. */
export const isUnexpected = (error: unknown): boolean => errorMessage(error) === UNEXPECTED;

const UNEXPECTED = 'Something went wrong on our side. Please try again.';

const callErrorMessage = ({ code, reason }: SessionsError): string => {
  if (reason === 'ended') return 'This conversation has ended. Start a new one to go on.';
  if (reason === 'expired') return 'This conversation has expired. Start a new one to go on.';
  if (reason === 'refused') return 'The service has refused it for good.';
  if (reason === 'erased') return 'The data of this account has been erased.';
  switch (code) {
    case 'unauthenticated':
      return 'Your sign-in is no longer valid. Please sign in again.';
    case 'permission-denied':
      return 'You are not allowed to do this.';
    case 'not-found':
      return 'This conversation does not exist any more.';
    case 'invalid-argument':
      return 'That could not be sent. It may be too long or contain something that cannot be stored.';
    case 'data-loss':
      return 'What this device had kept of it cannot be read any more.';
    case 'resource-exhausted':
      return 'That was a little fast. Please wait a moment and try again.';
    case 'aborted':
    case 'unavailable':
    case 'deadline-exceeded':
    case 'cancelled':
      return 'The service does not answer right now. Please try again in a moment.';
    default:
      return UNEXPECTED;
  }
};

const signInErrorMessage = (code: string): string => {
  switch (code) {
    case 'auth/invalid-credential':
    case 'auth/user-not-found':
    case 'auth/wrong-password':
      return 'This e-mail address and password do not match.';
    case 'auth/email-already-in-use':
      return 'There is an account with this e-mail address already. Sign in instead.';
    case 'auth/weak-password':
      return 'The password must have at least six characters.';
    case 'auth/invalid-email':
      return 'This is not an e-mail address.';
    case 'auth/too-many-requests':
      return 'Too many attempts. Please wait a while and try again.';
    case 'auth/user-disabled':
      return 'This account is disabled.';
    case 'auth/network-request-failed':
      return 'There is no connection. Please try again in a moment.';
    default:
      return UNEXPECTED;
  }
};
