import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type App, deleteApp, initializeApp } from 'firebase-admin/app';
import { type Auth, getAuth } from 'firebase-admin/auth';
import { assertFails, failureOf } from 'kb-sessions/internal/testing/assert-fails';
import { createUser, revokeTokens, runningSuite } from 'kb-sessions-testing';
import { createTokenVerifier } from '../../src/access/verify-token.ts';

const DEADLINE_MS = 60_000;

describe('createTokenVerifier()', () => {
  const { auth: address, projectId } = runningSuite();
  let app: App;
  let auth: Auth;
  before(() => {
    app = initializeApp({ projectId }, 'standing');
    auth = getAuth(app);
  });
  after(() => deleteApp(app));

  const check = (idToken: string) => createTokenVerifier(auth, DEADLINE_MS)(idToken);
  const signIn = () => createUser({ auth: address, projectId });

  it('accepts a token that was not revoked', async () => {
    await check((await signIn()).idToken);
  });

  const ends: [string, (uid: string) => Promise<unknown>][] = [
    ['whose tokens were revoked', (uid) => revokeTokens({ auth: address, projectId, uid })],
    ['who was disabled', (uid) => auth.updateUser(uid, { disabled: true })],
    ['who was deleted', (uid) => auth.deleteUser(uid)],
  ];
  for (const [whose, end] of ends) {
    it(`refuses the token of a user ${whose}`, async () => {
      const { uid, idToken } = await signIn();
      await end(uid);
      await assertFails(check(idToken), 'unauthenticated', { reason: 'revoked' });
    });
  }

  describe('without an answer of Firebase Auth', () => {
    let idToken: string;
    let silent: Server;
    const sockets: Socket[] = [];
    let elsewhere: App;
    before(async () => {
      ({ idToken } = await signIn());
      silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const at = silent.address();
      assert.ok(typeof at === 'object' && at);
      // The SDK keeps the address that it met first, so an app of its own.
      process.env.FIREBASE_AUTH_EMULATOR_HOST = `127.0.0.1:${at.port}`;
      elsewhere = initializeApp({ projectId }, 'elsewhere');
    });
    after(async () => {
      process.env.FIREBASE_AUTH_EMULATOR_HOST = address;
      await deleteApp(elsewhere);
    });

    it('reports unavailable after the deadline', async () => {
      const { code } = await failureOf(createTokenVerifier(getAuth(elsewhere), 200)(idToken));
      assert.equal(code, 'unavailable');
    });

    it('reports unavailable when no server listens, and for an invalid token', async () => {
      silent.close();
      for (const socket of sockets) socket.destroy();
      for (const token of [idToken, '']) {
        const { code, cause } = await failureOf(createTokenVerifier(getAuth(elsewhere), DEADLINE_MS)(token));
        assert.equal(code, 'unavailable');
        assert.ok(cause instanceof Error);
      }
    });
  });
});
