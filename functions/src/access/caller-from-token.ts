import type { CallableRequest } from 'firebase-functions/https';
import { type Caller, SessionError } from 'kb-sessions';

type Token = Record<string, unknown>;

/** A claim must be an own property of the token with the value true: "true" and 1 do not count. */
const hasClaim = (token: Token, claim: 'agent' | 'admin'): boolean =>
  Object.hasOwn(token, claim) && token[claim] === true;

const nonEmptyString = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/**
 * Returns the caller that a verified ID token describes.
 * @param auth the verified token, as the framework passes it
 * @throws SessionError `unauthenticated` without a token
 */
export const callerFromToken = (auth: CallableRequest['auth']): Caller & { admin: boolean } => {
  if (!auth) throw new SessionError('unauthenticated', 'sign in first');
  return {
    user_id: auth.uid,
    trusted: hasClaim(auth.token, 'agent'),
    admin: hasClaim(auth.token, 'admin'),
    email: nonEmptyString(auth.token.email),
    name: nonEmptyString(auth.token.name),
  };
};
