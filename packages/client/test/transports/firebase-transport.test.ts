import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { deleteApp, type FirebaseApp, initializeApp } from 'firebase/app';
import { CustomProvider, initializeAppCheck } from 'firebase/app-check';
import { connectFunctionsEmulator, type Functions, getFunctions } from 'firebase/functions';
import { handlers, isCallName } from '../../../../functions/src/callables/handlers.ts';
import {
  createSessionsClient,
  firebaseTransport,
  isSessionsError,
  type SessionsClient,
} from '../../src/index.ts';

const id = 'a24a6ea4-ce75-4665-a070-57453082c256';

/** The real SDK against a server of ours that speaks the callable protocol's few words. */
describe('createSessionsClient()', () => {
  let app: FirebaseApp;
  let server: Server;
  let client: SessionsClient;
  let answer: { status: number; body: unknown };
  let requests: { path: string | undefined; body: unknown }[];
  let appCheckTokens: unknown[];
  let connected: (app: FirebaseApp) => Functions;

  before(async () => {
    server = createServer(async (request: IncomingMessage, response) => {
      appCheckTokens.push(request.headers['x-firebase-appcheck']);
      requests.push({ path: request.url, body: JSON.parse(await text(request)) });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert(address !== null && typeof address === 'object');
    connected = (to) => {
      const functions = getFunctions(to);
      connectFunctionsEmulator(functions, '127.0.0.1', address.port);
      return functions;
    };
    app = initializeApp({ projectId: 'demo-client' }, 'firebase-transport');
    client = createSessionsClient(connected(app));
  });

  beforeEach(() => {
    requests = [];
    appCheckTokens = [];
  });

  after(async () => {
    await deleteApp(app);
    server.close();
  });

  const failure = async (promise: Promise<unknown>) => {
    const error = await promise.then(
      () => null,
      (reason: unknown) => reason,
    );
    assert(isSessionsError(error), `expected a SessionsError, found ${String(error)}`);
    return error;
  };

  it('calls the grouped function and returns its result', async () => {
    answer = { status: 200, body: { result: { session_id: id, status: 'ended' } } };
    assert.deepEqual(await client.endSession({ session_id: id }), { session_id: id, status: 'ended' });
    assert.deepEqual(requests, [
      { path: '/demo-client/us-central1/sessions/endSession', body: { data: { session_id: id } } },
    ]);
  });

  it('calls each function at its deployment: in the group, or alone if it is only there', async () => {
    answer = { status: 200, body: { result: {} } };
    const names = Object.keys(handlers).filter(isCallName);
    for (const name of names) await firebaseTransport(getFunctions(app))(name, {});
    assert.deepEqual(
      requests.map(({ path }) => path?.replace('/demo-client/us-central1/', '')),
      names.map((name) => (handlers[name].deployment === 'single' ? name : `sessions/${name}`)),
    );
  });

  it('sends single-use App Check tokens only to the calls that require them', async () => {
    answer = { status: 200, body: { result: {} } };
    const guarded = initializeApp({ projectId: 'demo-client', appId: 'demo' }, 'guarded');
    let made = 0;
    const getToken = async () => {
      const claims = { iat: Math.floor(Date.now() / 1000), jti: ++made };
      const token = ['{}', JSON.stringify(claims), ''].map((part) => Buffer.from(part).toString('base64url'));
      return { token: token.join('.'), expireTimeMillis: Date.now() + 3_600_000 };
    };
    initializeAppCheck(guarded, { provider: new CustomProvider({ getToken }) });
    const checked = createSessionsClient(connected(guarded));
    for (const _ of [1, 2]) {
      await checked.getMetrics();
      await checked.exportMyData();
    }
    await deleteApp(guarded);
    const [group, single, ...again] = appCheckTokens;
    assert.ok(group);
    assert.equal(again[0], group);
    assert.equal(new Set([group, single, again[1]]).size, 3);
  });

  it("maps the server's error without the SDK's prefix and suffix", async () => {
    answer = {
      status: 400,
      body: {
        error: { status: 'FAILED_PRECONDITION', message: 'session has ended', details: { reason: 'ended' } },
      },
    };
    const error = await failure(client.getSession({ session_id: id }));
    assert.equal(error.code, 'failed-precondition');
    assert.equal(error.message, 'session has ended');
    assert.equal(error.reason, 'ended');
  });

  it('follows a continued session over the wire', async () => {
    const next = 'b24a6ea4-ce75-5665-a070-57453082c256';
    answer = {
      status: 400,
      body: {
        error: {
          status: 'FAILED_PRECONDITION',
          message: 'session is continued by another',
          details: { reason: 'continued', session_id: next },
        },
      },
    };
    const error = await failure(client.endSession({ session_id: id }));
    assert.equal(error.session_id, next);
    assert.deepEqual(requests[1]?.body, { data: { session_id: next } });
  });

  it('maps an answer that does not follow the protocol', async () => {
    answer = { status: 502, body: 'bad gateway' };
    assert.equal((await failure(client.getMetrics())).code, 'unknown');
    answer = { status: 200, body: { result: { '@type': 'something.else' } } };
    const error = await failure(client.getMetrics());
    assert.equal(error.code, 'unknown');
    assert(error.cause instanceof Error);
  });

  it('treats a status without an answer of a callable as temporary', async () => {
    for (const [status, code] of [
      [400, 'unknown'],
      [403, 'unknown'],
      [404, 'unknown'],
      [501, 'unknown'],
      [401, 'unauthenticated'],
      [429, 'resource-exhausted'],
      [503, 'unavailable'],
    ] as const) {
      answer = { status, body: 'Not Found' };
      assert.equal((await failure(client.getMetrics())).code, code, String(status));
      answer = { status, body: { error: { status: 'NOT_FOUND', message: 'session not found' } } };
      assert.equal((await failure(client.getMetrics())).code, 'not-found');
    }
  });

  it('reports unavailable when no server answers', async () => {
    const functions = getFunctions(app, 'nowhere');
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const address = closed.address();
    assert(address !== null && typeof address === 'object');
    await new Promise((resolve) => closed.close(resolve));
    connectFunctionsEmulator(functions, '127.0.0.1', address.port);
    const error = await failure(createSessionsClient(functions).getMetrics());
    assert.equal(error.code, 'unavailable');
    assert.equal(error.message, 'the server did not answer');
  });
});
