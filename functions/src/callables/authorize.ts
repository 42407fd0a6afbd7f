import type { CallableRequest } from 'firebase-functions/https';
import { type Caller, SessionError } from 'kb-sessions';
import { callerFromToken } from '../access/caller-from-token.ts';
import { clientIpKey } from '../access/client-ip.ts';
import type { CallServices } from '../services.ts';

/**
 * The caller, if there is one and it has not had its calls of this minute. An agent is not limited: it acts for many, and
 * its claim is the operator's to give. Everybody else is, by address first, signed in or not.
 * @throws SessionError `resource-exhausted`, `unauthenticated`, or `unavailable` where calls cannot be counted
 */
export const authorize = async (
  { rateLimiters: rates, trustedProxies }: Pick<CallServices, 'rateLimiters' | 'trustedProxies'>,
  { auth, app, rawRequest }: Pick<CallableRequest, 'auth' | 'app' | 'rawRequest'>,
): Promise<Caller & { admin: boolean }> => {
  const isAgent = auth !== undefined && callerFromToken(auth).trusted;
  if (!isAgent) await rates.address(clientIpKey(rawRequest, trustedProxies));
  const caller = callerFromToken(auth);
  if (!isAgent) await rates.user(caller.user_id);
  // Set only where tokens count once (options.ts): the framework marks such a token and lets it through.
  if (app?.alreadyConsumed) throw new SessionError('unauthenticated', 'App Check token has been used before');
  return caller;
};
