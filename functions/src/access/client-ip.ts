import type { CallableRequest } from 'firebase-functions/https';
import ipaddr from 'ipaddr.js';

const UNKNOWN = 'unknown';

/**
 * The address that a call counts for: IPv4 as it is, IPv6 by its /64, which one customer has whole. What cannot be told
 * is one address for all.
 *
 * `trustedProxies` says how many entries of X-Forwarded-For, from the right, were written by proxies of ours; the leftmost
 * of those is the caller's. What stands further left the caller may have sent itself. Google's front end in front of
 * Cloud Run appends one entry, an external Application Load Balancer two, `<client-ip>,<load-balancer-ip>`
 * (https://cloud.google.com/load-balancing/docs/https#x-forwarded-for_header). With 0 it is the connection's.
 * Never `request.ip`: functions-framework trusts the whole header.
 */
export const clientIpKey = (
  request: CallableRequest['rawRequest'] | undefined,
  trustedProxies: number,
): string => {
  const named =
    trustedProxies === 0
      ? request?.socket.remoteAddress
      : request?.headers['x-forwarded-for']?.toString().split(',').at(-trustedProxies);
  const text = named?.trim() ?? '';
  if (!ipaddr.isValid(text)) return UNKNOWN;
  const address = ipaddr.process(text);
  if (address instanceof ipaddr.IPv4) return address.toString();
  const network = address.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
};
