import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { CallName } from 'kb-sessions-contract';
import { revokeTokens, runningSuite, type SignedInUser } from 'kb-sessions-testing';
import { handlers } from '../../src/callables/handlers.ts';
import { validInputs } from '../hostile/valid-inputs.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { singleFunctions } from '../support/single-functions.ts';

const admin = (entry: 'auth' | 'app-check') => import.meta.resolve(`firebase-admin/${entry}`);

/**
 * Against the Auth emulator the Admin SDK asks about every token whether it was revoked, in production only where it is
 * told to: here as in production. The signature is not looked at, the emulator's tokens have none.
 */
const AS_IN_PRODUCTION = `
import { Auth } from '${admin('auth')}';
const { verifyIdToken } = Auth.prototype;
Auth.prototype.verifyIdToken = async function (token, checkRevoked = false) {
  if (checkRevoked) return verifyIdToken.call(this, token, true);
  const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  return { ...claims, uid: claims.sub };
};
`;

/** There is no emulator of App Check. This one stands by every token, and remembers those that count once. */
const WITH_APP_CHECK = `
import { AppCheck } from '${admin('app-check')}';
const used = new Set();
AppCheck.prototype.verifyToken = async function (token, options) {
  const verified = { appId: 'app', token: { app_id: 'app', sub: 'app' } };
  if (!options?.consume) return verified;
  const alreadyConsumed = used.has(token);
  used.add(token);
  return { ...verified, alreadyConsumed };
};
`;

const names = Object.keys(handlers) as CallName[];
const sensitive = names.filter((name) => handlers[name].sensitive);
const once = names.filter((name) => handlers[name].deployment === 'single');

describe('calls about all data of a user', () => {
  let hosted: Hosted;
  let remove: () => Promise<void>;

  const start = async (meddling: string, params: Record<string, string>) => {
    const single = await singleFunctions(meddling);
    remove = single.remove;
    hosted = await startHosted({ source: single.source, params });
  };
  afterEach(async () => {
    await hosted.stop();
    await remove();
  });

  const inputOf = (name: CallName) => validInputs(randomUUID(), randomUUID())[name];

  it('are refused to a user whose tokens were revoked, unlike all other calls', async () => {
    await start(AS_IN_PRODUCTION, {});
    const user = await hosted.signIn({ admin: true });
    await hosted.call(user, 'exportMyData', {});
    await revokeTokens({ ...runningSuite(), uid: user.uid });
    for (const name of sensitive) {
      const { status, error } = await hosted.refused(user, name, inputOf(name));
      assert.deepEqual([status, error.details], [401, { reason: 'revoked' }], name);
    }
    const { session_id } = await hosted.call(user, 'createSession', {});
    await hosted.call(user, 'getSession', { session_id });
  });

  it('accept an App Check token once, unlike all other calls', async () => {
    await start(WITH_APP_CHECK, { ENFORCE_APP_CHECK: 'true' });
    const user: SignedInUser = await hosted.signIn({ admin: true });
    const statusOf = async (name: CallName, token: string): Promise<number> => {
      const headers = { 'X-Firebase-AppCheck': token };
      const body = JSON.stringify({ data: inputOf(name) });
      return (await hosted.post(name, { user, headers, body })).status;
    };
    for (const name of once) {
      assert.equal(await statusOf(name, `token of ${name}`), 200, name);
      assert.equal(await statusOf(name, `token of ${name}`), 401, `${name} again`);
    }
    for (const status of [await statusOf('listSessions', 'one'), await statusOf('listSessions', 'one')]) {
      assert.equal(status, 200);
    }
  });
});
