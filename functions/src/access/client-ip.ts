import type { CallableRequest } from 'firebase-functions/https';
import ipaddr from 'ipaddr.js';

const UNKNOWN = 'unknown';

/**
 * Returns the rate limit key of a client address: an IPv4 address, or the /64 of an IPv6 address, because one customer
 * has a whole /64. All calls without a valid address share one key.
 *
 * Do not use `request.ip`: functions-framework trusts the whole header X-Forwarded-For.
 * @param trustedProxies how many entries of X-Forwarded-For, counted from the right, the operator's proxies wrote; 0 uses
 *   the address of the connection. The leftmost trusted entry is the address of the client, which may have sent the
 *   entries before it itself. Google's front end of Cloud Run appends one entry, an external Application Load Balancer
 *   appends two, `<client-ip>,<load-balancer-ip>`
 *   (https://cloud.google.com/load-balancing/docs/https#x-forwarded-for_header)
 */
export const clientIpKey = (
  request: CallableRequest['rawRequest'] | undefined,
  trustedProxies: number,
): string => {
  const entry =
    trustedProxies === 0
      ? request?.socket.remoteAddress
      : request?.headers['x-forwarded-for']?.toString().split(',').at(-trustedProxies);
  const text = entry?.trim() ?? '';
  if (!ipaddr.isValid(text)) return UNKNOWN;
  const address = ipaddr.process(text);
  if (address instanceof ipaddr.IPv4) return address.toString();
  const network = address.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
};
