import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callHost, type Host, startHost } from '../../src/index.ts';

const emulators = { firestore: '127.0.0.1:1', auth: '127.0.0.1:2', projectId: 'demo-host' };

/** Answers with what it was asked and its environment. */
const ECHO = `
export function sessions({ path, body, headers }, response) {
  console.log('asked for ' + path);
  response.json({ path, body, authorization: headers.authorization, env: process.env });
}`;

describe('startHost()', () => {
  let source: string;
  let host: Host | undefined;

  beforeEach(async () => {
    source = await mkdtemp(join(tmpdir(), 'host-'));
    await writeFile(join(source, 'package.json'), JSON.stringify({ type: 'module', main: 'index.js' }));
    await writeFile(join(source, '.env'), 'TOUCH_SECONDS=60\nEXPIRY_SHARDS=8\n');
  });
  afterEach(async () => {
    await host?.stop();
    host = undefined;
    await rm(source, { recursive: true });
  });

  async function start(code: string, params: Record<string, string> = {}): Promise<Host> {
    await writeFile(join(source, 'index.js'), code);
    host = await startHost({ ...emulators, params, source });
    return host;
  }

  it('runs the group with the parameters, the emulators and the variables of Cloud Run', async () => {
    const { status, body } = await callHost(
      await start(ECHO, { TOUCH_SECONDS: '5' }),
      'getSession',
      { n: 1 },
      'token',
    );
    assert.equal(status, 200);
    assert.ok(typeof body === 'object' && body && 'env' in body && typeof body.env === 'object');
    const { env, ...echo } = body;
    assert.deepEqual(echo, {
      path: '/demo-host/us-central1/sessions/getSession',
      body: { data: { n: 1 } },
      authorization: 'Bearer token',
    });
    const expected = {
      TOUCH_SECONDS: '5',
      EXPIRY_SHARDS: '8',
      FIRESTORE_EMULATOR_HOST: emulators.firestore,
      FIREBASE_AUTH_EMULATOR_HOST: emulators.auth,
      GCLOUD_PROJECT: 'demo-host',
      FIREBASE_CONFIG: '{"projectId":"demo-host"}',
      K_SERVICE: 'sessions',
    };
    assert.deepEqual({ ...env, ...expected }, env);
    assert.equal(Reflect.get(env ?? {}, 'HOME'), undefined);
  });

  it('collects the log of the host', async () => {
    const started = await start(ECHO);
    await callHost(started, 'listSessions', {});
    await started.stop();
    assert.match(started.output(), /asked for .*listSessions/);
  });

  it('rejects with the output of functions that do not load', async () => {
    await assert.rejects(start(`throw new Error('no such param');`), /no such param/);
  });

  it('ends the instance by SIGTERM, or by kill() without it', async () => {
    const code = `process.on('SIGTERM', () => console.log('asked to stop')); ${ECHO}`;
    const stopped = await start(code);
    await stopped.stop();
    assert.match(stopped.output(), /asked to stop/);

    const killed = await start(code);
    killed.kill();
    await killed.stop();
    assert.doesNotMatch(killed.output(), /asked to stop/);
    await assert.rejects(callHost(killed, 'getSession', {}), TypeError);
  });
});
