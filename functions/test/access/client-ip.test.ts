import assert from 'node:assert/strict';
import type { CallableRequest } from 'firebase-functions/https';
import { clientIpKey } from '../../src/access/client-ip.ts';

/** A request of which nothing is looked at but this header and where its connection comes from. */
const requestFrom = (forwardedFor: string | undefined, remoteAddress?: string) => {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return { headers, socket: { remoteAddress } } as CallableRequest['rawRequest'];
};

describe('clientIpKey()', () => {
  it('returns the entry that the outermost trusted proxy wrote', () => {
    const request = requestFrom('10.1.1.1, 203.0.113.9, 198.51.100.7', '169.254.1.1');
    assert.equal(clientIpKey(request, 1), '198.51.100.7');
    assert.equal(clientIpKey(request, 2), '203.0.113.9');
    assert.equal(clientIpKey(request, 3), '10.1.1.1');
    assert.equal(clientIpKey(request, 0), '169.254.1.1');
  });

  it('ignores all entries that a caller adds in front', () => {
    for (const sent of ['', '1.2.3.4, ', 'x, , ,', '::1,', `${'9.9.9.9,'.repeat(1000)}`]) {
      assert.equal(clientIpKey(requestFrom(`${sent}198.51.100.7`), 1), '198.51.100.7', sent);
    }
  });

  it('returns one address for an IPv6 network of 64 bits', () => {
    const network = '2001:db8:1:2::/64';
    for (const text of ['2001:db8:1:2::1', '2001:DB8:1:2:ffff:ffff:ffff:ffff', ' 2001:db8:1:2:0:0:0:9 ']) {
      assert.equal(clientIpKey(requestFrom(text), 1), network, text);
    }
    assert.notEqual(clientIpKey(requestFrom('2001:db8:1:3::1'), 1), network);
  });

  it('returns one address for IPv4 and its mapped form in IPv6', () => {
    assert.equal(clientIpKey(requestFrom('::ffff:198.51.100.7'), 1), '198.51.100.7');
    assert.equal(clientIpKey(requestFrom(undefined, '::ffff:c633:6407'), 0), '198.51.100.7');
  });

  it('returns one address for all unknown ones', () => {
    const unknown = clientIpKey(undefined, 1);
    for (const text of ['', ',', 'unknown', '256.1.1.1', '198.51.100.7, _hidden', '1.2.3.4:80']) {
      assert.equal(clientIpKey(requestFrom(text), 1), unknown, text);
    }
    assert.equal(clientIpKey(requestFrom('198.51.100.7'), 2), unknown);
    assert.equal(clientIpKey(requestFrom('198.51.100.7'), 0), unknown);
    assert.equal(clientIpKey(requestFrom(undefined), 1), unknown);
    assert.equal(clientIpKey(undefined, 0), unknown);
  });
});
