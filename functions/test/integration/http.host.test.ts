import assert from 'node:assert/strict';
import type { SignedInUser } from 'kb-sessions-testing';
import { endpoints, type HostedEndpoints, startEndpoints } from '../support/endpoints.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';

const OWN = 'https://chat.example.com';
const OTHER = 'https://chat.example.org';

describe('the HTTP responses of callables', () => {
  let hosted: HostedEndpoints;
  let user: SignedInUser;
  before(async () => {
    hosted = await startEndpoints({ CORS_ORIGINS: `${OWN}, ${OTHER}` });
    user = await hosted.group.signIn();
  });
  after(() => hosted.stop());

  const preflight = (origin: string) => ({
    method: 'OPTIONS',
    body: null,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  });

  const originsAllowed = async ({ post }: Hosted, name: string, origin: string) => {
    const answers = [await post(name, preflight(origin)), await post(name, { headers: { origin } })];
    return answers.map(({ headers }) => headers.get('access-control-allow-origin'));
  };

  it('allow the pages of CORS_ORIGINS, and no other origin', async () => {
    for (const { deployed, name } of endpoints) {
      assert.deepEqual(await originsAllowed(hosted[deployed], name, OWN), [OWN, OWN], name);
      const evil = await originsAllowed(hosted[deployed], name, 'https://evil.example');
      assert.deepEqual(evil, [null, null], name);
    }
    const others = ['null', 'http://chat.example.com', `${OWN}.evil.example`, `${OWN}:8443`, ''];
    for (const origin of others) {
      assert.deepEqual(await originsAllowed(hosted.group, 'listSessions', origin), [null, null], origin);
    }
    assert.deepEqual(await originsAllowed(hosted.group, 'listSessions', OTHER), [OTHER, OTHER]);
  });

  it('allow every page if CORS_ORIGINS is *, and no page if it is empty', async () => {
    for (const [origins, expected] of [
      ['*', '*'],
      ['', null],
    ] as const) {
      const open = await startHosted({ params: { CORS_ORIGINS: origins } });
      try {
        assert.deepEqual(await originsAllowed(open, 'createSession', OWN), [expected, expected]);
      } finally {
        await open.stop();
      }
    }
  });

  it('have the status 400 for requests that need no preflight: GET, text and forms', async () => {
    for (const { deployed, name } of endpoints) {
      const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];
      for (const type of types) {
        const { status } = await hosted[deployed].post(name, { user, headers: { 'content-type': type } });
        assert.equal(status, 400, `${name} as ${type}`);
      }
      const { status } = await hosted[deployed].post(name, { user, method: 'GET', body: null });
      assert.equal(status, 400, `GET ${name}`);
    }
  });

  it('forbid caches to store them', async () => {
    for (const { deployed, name } of endpoints) {
      const requests = [{ user, body: '{"data":7}' }, {}, preflight(OWN), { method: 'GET', body: null }];
      for (const request of requests) {
        const { headers } = await hosted[deployed].post(name, request);
        assert.equal(headers.get('cache-control'), 'no-store', name);
      }
    }
    const { session_id } = await hosted.group.call(user, 'createSession', {});
    const body = JSON.stringify({ data: { session_id } });
    const found = await hosted.group.post('getSession', { user, body });
    assert.deepEqual([found.status, found.headers.get('cache-control')], [200, 'no-store']);
  });
});
