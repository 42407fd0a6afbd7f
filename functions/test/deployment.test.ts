import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { contract } from 'kb-sessions-contract';
import { handlers, isCallName } from '../src/callables/handlers.ts';
import * as exported from '../src/index.ts';
import * as optedIn from './fixtures/index-with-single-endpoints.ts';

const json = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));

const JOBS = ['expireSessions', 'finishErasures', 'reconcileCounters'];
const TRIGGERS = ['onMessageCreated', 'onUserDeleted'];

describe('the deployment', () => {
  it('contains 10 functions: the group, four single functions, the jobs and the triggers', () => {
    const singles = Object.keys(handlers).filter(
      (name) => isCallName(name) && handlers[name].deployment === 'single',
    );
    assert.deepEqual(Object.keys(handlers).toSorted(), Object.keys(contract).toSorted());
    assert.deepEqual(
      Object.keys(exported).toSorted(),
      ['sessions', ...singles, ...JOBS, ...TRIGGERS].toSorted(),
    );
    assert.equal(Object.keys(exported).length, 10);
    assert.ok(exported.sessions.__endpoint.callableTrigger);
    assert.ok(exported.deleteMyData.__endpoint.callableTrigger);
  });

  it('supports every call except getActiveSessions and getMetrics as a single function, by one line in index.ts', () => {
    const single = Object.keys(handlers).filter(
      (name) => isCallName(name) && handlers[name].deployment !== 'group',
    );
    assert.deepEqual(
      Object.keys(handlers).filter((name) => !single.includes(name)),
      ['getActiveSessions', 'getMetrics'],
    );
    assert.deepEqual(
      Object.keys(optedIn).toSorted(),
      ['sessions', ...single, ...JOBS, ...TRIGGERS].toSorted(),
    );
    for (const endpoint of Object.values(optedIn)) assert.ok(endpoint.__endpoint);
  });

  it('loads without parameter values, as during a deployment', async () => {
    const code = `await import('${new URL('../src/index.ts', import.meta.url)}')`;
    const { PATH } = process.env;
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { env: { PATH } });
  });

  it('schedules the jobs with sufficient timeouts', () => {
    const { expireSessions, reconcileCounters } = exported;
    assert.equal(expireSessions.__endpoint.scheduleTrigger?.schedule, '*/5 * * * *');
    assert.equal(expireSessions.__endpoint.timeoutSeconds, 540);
    assert.equal(reconcileCounters.__endpoint.scheduleTrigger?.schedule, '*/15 * * * *');
  });

  it('requests retries for events of new messages until they are counted', () => {
    const trigger = exported.onMessageCreated.__endpoint.eventTrigger;
    assert.equal(trigger?.eventType, 'google.cloud.firestore.document.v1.created');
    assert.equal(trigger?.retry, true);
  });

  it('builds and lints for nodejs24 before the upload, and excludes sources and tests', () => {
    const [functions] = json('firebase.json').functions;
    assert.equal(functions.runtime, 'nodejs24');
    assert.deepEqual(
      functions.predeploy.map((command: string) => command.split(' ').at(-1)),
      ['lint', 'build'],
    );
    for (const left of ['node_modules', 'bundle', 'src', 'test'])
      assert.ok(functions.ignore.includes(left), left);
  });

  it('makes Firestore delete documents after their purge_at, and indexes only queried fields', () => {
    const overrides: { collectionGroup: string; fieldPath: string; ttl?: boolean; indexes: object[] }[] =
      json('firestore.indexes.json').fieldOverrides;
    const fields = (select: (override: (typeof overrides)[number]) => boolean) =>
      overrides.filter(select).map(({ collectionGroup, fieldPath }) => `${collectionGroup}.${fieldPath}`);
    assert.deepEqual(
      fields(({ ttl }) => ttl === true),
      ['kb_sessions.purge_at', 'kb_messages.purge_at'],
    );
    // Where all are exempt, those alone that queries need are not; each of the others would cost every write an index entry.
    for (const collection of ['kb_sessions', 'kb_messages', 'shards'])
      assert.ok(fields(({ indexes }) => indexes.length === 0).includes(`${collection}.*`), collection);
    assert.deepEqual(
      fields(({ indexes }) => indexes.length > 0),
      [
        'kb_sessions.user_id',
        'kb_sessions.status',
        'kb_sessions.uncounted',
        'kb_messages.user_id',
        'kb_messages.session_id',
        'kb_messages.uncounted',
      ],
    );
  });
});
