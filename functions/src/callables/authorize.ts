import type { CallableRequest } from 'firebase-functions/https';
import { type Caller, SessionError } from 'kb-sessions';
import { callerFromToken } from '../access/caller-from-token.ts';
import { clientIpKey } from '../access/client-ip.ts';
import type { CallServices } from '../services.ts';

/**
 * Returns the caller of a request, after its rate limits. Calls are counted by address first, signed in or not, then by
 * user. Agents are not limited: they act for many users, and only the operator grants their claim.
 * @throws SessionError `resource-exhausted`, `unauthenticated`, or `unavailable` when calls cannot be counted
 */
export const authorize = async (
  { rateLimiters: rates, trustedProxies }: Pick<CallServices, 'rateLimiters' | 'trustedProxies'>,
  { auth, app, rawRequest }: Pick<CallableRequest, 'auth' | 'app' | 'rawRequest'>,
): Promise<Caller & { admin: boolean }> => {
  const isAgent = auth !== undefined && callerFromToken(auth).trusted;
  if (!isAgent) await rates.address(clientIpKey(rawRequest, trustedProxies));
  const caller = callerFromToken(auth);
  if (!isAgent) await rates.user(caller.user_id);
  // Only set for functions with limited-use tokens (callable-options.ts). The framework marks a used token and accepts it.
  if (app?.alreadyConsumed) throw new SessionError('unauthenticated', 'App Check token has been used before');
  return caller;
};
