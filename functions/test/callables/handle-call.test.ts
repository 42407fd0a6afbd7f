import assert from 'node:assert/strict';
import { type CallableRequest, HttpsError } from 'firebase-functions/https';
import { SessionError } from 'kb-sessions';
import type { CallName } from 'kb-sessions-contract';
import { createRateLimiter, type RateLimiter } from '../../src/access/rate-limiter.ts';
import { handleCall } from '../../src/callables/handle-call.ts';
import { handlers } from '../../src/callables/handlers.ts';
import type { CallServices } from '../../src/services.ts';
import { callServicesWith } from '../support/call-services.ts';
import { signedIn } from '../support/signed-in.ts';

type Given = Pick<CallableRequest, 'auth' | 'app'> & { data?: unknown; forwardedFor?: string };

/** A request in process, as the framework hands it over, and the headers of its answer. */
const requestOf = ({ auth, app, data = {}, forwardedFor = '198.51.100.7' }: Given) => {
  const answered = new Map<string, unknown>();
  const res = { setHeader: (name: string, value: unknown) => answered.set(name, value) };
  const rawRequest = { headers: { 'x-forwarded-for': forwardedFor }, res };
  const request = { data, rawRequest, acceptsStreaming: false, ...(auth && { auth }), ...(app && { app }) };
  return { request: request as unknown as CallableRequest<unknown>, answered };
};

const refusalOf = async (name: CallName | null, given: Given, serving: CallServices) => {
  const { request, answered } = requestOf(given);
  const error: unknown = await handleCall(name, request, serving).catch((error: unknown) => error);
  assert.ok(error instanceof HttpsError, `expected a refusal, found ${error}`);
  return { code: error.code, details: error.details, answered };
};

const call = (name: CallName, given: Given, serving: CallServices) =>
  handleCall(name, requestOf(given).request, serving);

const three = (): RateLimiter => createRateLimiter({ name: 'test', callsPerMinute: 3, redis: null });
const unlimited: RateLimiter = async () => {};
const failing = (): Promise<never> => Promise.reject(new SessionError('unavailable', 'not now'));

const sensitive = Object.entries(handlers).flatMap(([name, { sensitive }]) =>
  sensitive ? [name as CallName] : [],
);
const consumed: CallableRequest['app'] = {
  appId: 'app',
  token: { iss: '', sub: '', aud: [], exp: 1, iat: 1, app_id: 'app' },
  alreadyConsumed: true,
};

describe('handleCall(), as access control,', () => {
  it('refuses a user at the limit, returns the time of the next attempt, and admits other users', async () => {
    const serving = callServicesWith({ rateLimiters: { address: unlimited, user: three() } });
    for (let turn = 0; turn < 3; turn += 1) await call('createSession', { auth: signedIn() }, serving);
    const { code, details, answered } = await refusalOf('createSession', { auth: signedIn() }, serving);
    assert.equal(code, 'resource-exhausted');
    const { reason, retry_after_ms } = details as { reason: string; retry_after_ms: number };
    assert.equal(reason, 'rate');
    assert.deepEqual([...answered], [['Retry-After', Math.ceil(retry_after_ms / 1000)]]);
    await call('createSession', { auth: signedIn({}, 'bob') }, serving);
  });

  it('refuses an address at the limit, signed in or not, for any forwarded address', async () => {
    const serving = callServicesWith({ rateLimiters: { address: three(), user: unlimited } });
    const from = (first: string) => ({ forwardedFor: `${first}, 198.51.100.7` });
    assert.equal((await refusalOf('createSession', from('1.1.1.1'), serving)).code, 'unauthenticated');
    await call('createSession', { auth: signedIn(), ...from('2.2.2.2') }, serving);
    await call('createSession', { auth: signedIn({}, 'bob'), ...from('3.3.3.3') }, serving);
    const others: Given[] = [from('4.4.4.4'), { auth: signedIn({}, 'carl'), ...from('5.5.5.5') }];
    for (const given of others) {
      assert.equal((await refusalOf('createSession', given, serving)).code, 'resource-exhausted');
    }
    await call('createSession', { auth: signedIn(), forwardedFor: '198.51.100.8' }, serving);
  });

  it('limits admins but not agents', async () => {
    const serving = callServicesWith({ rateLimiters: { address: three(), user: three() } });
    const agent = signedIn({ agent: true }, 'agent');
    for (let turn = 0; turn < 5; turn += 1) await call('createSession', { auth: agent }, serving);
    const admin = signedIn({ admin: true, agent: 'true' }, 'admin');
    for (let turn = 0; turn < 3; turn += 1) await call('getMetrics', { auth: admin }, serving);
    assert.equal((await refusalOf('getMetrics', { auth: admin }, serving)).code, 'resource-exhausted');
  });

  for (const rate of ['address', 'user'] as const) {
    it(`refuses every call when it cannot count those of the ${rate}`, async () => {
      const rates = { address: unlimited, user: unlimited, [rate]: failing };
      for (const name of Object.keys(handlers) as CallName[]) {
        const auth = signedIn({ admin: true });
        const { code } = await refusalOf(name, { auth }, callServicesWith({ rateLimiters: rates }));
        assert.equal(code, 'unavailable', name);
      }
    });
  }

  it('applies the same checks to an unknown call before it reports unimplemented', async () => {
    const lines: object[] = [];
    const rates = { address: three(), user: unlimited };
    const serving = callServicesWith({ rateLimiters: rates, log: (line) => lines.push({ ...line, ms: 0 }) });
    const auth = signedIn();
    const codes: string[] = [];
    for (const given of [{}, { auth }, { auth }, { auth }]) {
      codes.push((await refusalOf(null, given, serving)).code);
    }
    assert.deepEqual(codes, ['unauthenticated', 'unimplemented', 'unimplemented', 'resource-exhausted']);
    const [, unimplemented, , limited] = lines;
    const line = { message: 'call', ms: 0, user: 'hash of ann', documents_read: 0, documents_written: 0 };
    assert.deepEqual(unimplemented, { severity: 'INFO', outcome: 'unimplemented', ...line });
    const refused = { severity: 'WARNING', outcome: 'resource-exhausted', reason: 'rate', refused: true };
    assert.deepEqual(limited, { ...refused, ...line });
    assert.deepEqual(Object.keys(serving.metrics.snapshot('closed', await serving.store.state()).calls), []);
  });

  it('refuses a used App Check token for a single-use call', async () => {
    for (const name of Object.keys(handlers) as CallName[]) {
      const given: Given = { auth: signedIn({ admin: true }), app: consumed };
      assert.equal((await refusalOf(name, given, callServicesWith())).code, 'unauthenticated', name);
    }
    await call(
      'createSession',
      { auth: signedIn(), app: { ...consumed, alreadyConsumed: false } },
      callServicesWith(),
    );
  });

  it('verifies the token of each sensitive call with Firebase Auth, and stops when that fails', async () => {
    assert.deepEqual(sensitive.toSorted(), [
      'deleteMyData',
      'deleteUserData',
      'endMySessions',
      'endUserSessions',
      'exportMyData',
      'exportUserData',
    ]);
    for (const name of sensitive) {
      const asked: string[] = [];
      const revoked = new SessionError('unauthenticated', 'sign in again', { reason: 'revoked' });
      const verifyToken = async (idToken: string) => {
        asked.push(idToken);
        throw revoked;
      };
      const serving = callServicesWith({ verifyToken });
      const auth = signedIn({ admin: true });
      const data = handlers[name].access === 'admin' ? { user_id: 'bob' } : {};
      const { code, details } = await refusalOf(name, { auth, data }, serving);
      assert.deepEqual([code, details], ['unauthenticated', { reason: 'revoked' }], name);
      assert.deepEqual(asked, [auth.rawToken]);
      const away = callServicesWith({ verifyToken: failing });
      assert.equal((await refusalOf(name, { auth, data }, away)).code, 'unavailable', name);
    }
  });

  it('verifies no other tokens with Firebase Auth', async () => {
    const serving = callServicesWith({ verifyToken: failing });
    const { session_id } = (await call('createSession', { auth: signedIn() }, serving)) as {
      session_id: string;
    };
    await call('getSession', { auth: signedIn(), data: { session_id } }, serving);
    await call('getMetrics', { auth: signedIn({ admin: true }) }, serving);
  });

  for (const name of (Object.keys(handlers) as CallName[]).filter(
    (name) => handlers[name].access === 'admin',
  )) {
    it(`allows ${name} only with an own claim admin of the token that is exactly true`, async () => {
      const claims = ['true', 1, {}, [], [true], null, undefined].map((admin) => ({ admin }));
      for (const claim of [...claims, Object.create({ admin: true }), { agent: true }]) {
        const refused = await refusalOf(name, { auth: signedIn(claim) }, callServicesWith());
        assert.equal(refused.code, 'permission-denied');
      }
    });
  }
});
