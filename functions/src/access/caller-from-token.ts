import type { CallableRequest } from 'firebase-functions/https';
import { type Caller, SessionError } from 'kb-sessions';

type Token = Record<string, unknown>;

/** A claim counts when it is the token's own and exactly true: not "true", not 1. */
const hasClaim = (token: Token, claim: 'agent' | 'admin'): boolean =>
  Object.hasOwn(token, claim) && token[claim] === true;

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/**
 * The caller, from its verified token alone.
 * @throws SessionError `unauthenticated` without a token
 */
export const callerFromToken = (auth: CallableRequest['auth']): Caller & { admin: boolean } => {
  if (!auth) throw new SessionError('unauthenticated', 'sign in first');
  return {
    user_id: auth.uid,
    trusted: hasClaim(auth.token, 'agent'),
    admin: hasClaim(auth.token, 'admin'),
    email: textOf(auth.token.email),
    name: textOf(auth.token.name),
  };
};
