import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  callHost,
  createUser,
  type FirestoreProxy,
  type Host,
  runningSuite,
  startHost,
  startProxy,
} from '../../src/index.ts';

describe('startHost() with the built functions', () => {
  let auth: string;
  let projectId: string;
  let proxy: FirestoreProxy;
  let host: Host;

  before(async () => {
    const suite = runningSuite();
    ({ auth, projectId } = suite);
    proxy = await startProxy({ target: suite.firestore });
    // A database that no trigger of the suite listens to.
    const params = { DATABASE_ID: `test-${randomUUID()}` };
    host = await startHost({ firestore: proxy.address, auth, projectId, params });
  });
  after(async () => {
    await host?.stop();
    await proxy?.stop();
  });

  it('verifies the users of createUser() and uses the proxy', async () => {
    const { idToken } = await createUser({ auth, projectId, email: `${randomUUID()}@example.com` });
    const { result, cost } = await proxy.meter.measure(() => callHost(host, 'createSession', {}, idToken));
    assert.equal(result.status, 200, result.text);
    assert.equal(cost.writes, 1);
  });

  it('refuses calls without a token', async () => {
    const { status, body } = await callHost(host, 'createSession', {});
    assert.equal(status, 401);
    assert.match(JSON.stringify(body), /"status":"UNAUTHENTICATED"/);
  });
});

describe('createUser()', () => {
  let auth: string;
  let projectId: string;

  before(() => {
    ({ auth, projectId } = runningSuite());
  });

  it('returns a token with the claims, the e-mail and the name', async () => {
    const email = `${randomUUID()}@example.com`;
    const { uid, idToken } = await createUser({
      auth,
      projectId,
      email,
      name: 'Ada',
      claims: { agent: true },
    });
    const claims = claimsOf(idToken);
    const expected = { aud: projectId, sub: uid, email, email_verified: true, name: 'Ada', agent: true };
    assert.deepEqual({ ...claims, ...expected }, claims);
  });

  it('creates an anonymous user without an e-mail', async () => {
    const { idToken } = await createUser({ auth, projectId });
    const claims = claimsOf(idToken);
    assert.equal('email' in claims, false);
    assert.equal(claims.provider_id, 'anonymous');
  });

  it('rejects with the error of an emulator of another project', async () => {
    await assert.rejects(
      createUser({ auth, projectId: 'demo-other' }),
      /accounts:update .* got 400 .*USER_NOT_FOUND/s,
    );
  });
});

function claimsOf(idToken: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString());
}
