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

describe('what is deployed', () => {
  it('is the group, the four single functions that need it, the jobs and the triggers: 10 functions', () => {
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

  it('has every call but getActiveSessions and getMetrics as a single function too, by one line in index.ts', () => {
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

  it('is loaded where params have no values, as a deployment does', async () => {
    const code = `await import('${new URL('../src/index.ts', import.meta.url)}')`;
    const { PATH } = process.env;
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], { env: { PATH } });
  });

  it('runs the jobs at their times, with time to finish', () => {
    const { expireSessions, reconcileCounters } = exported;
    assert.equal(expireSessions.__endpoint.scheduleTrigger?.schedule, '*/5 * * * *');
    assert.equal(expireSessions.__endpoint.timeoutSeconds, 540);
    assert.equal(reconcileCounters.__endpoint.scheduleTrigger?.schedule, '*/15 * * * *');
  });

  it('has events of new messages delivered again until they are counted', () => {
    const trigger = exported.onMessageCreated.__endpoint.eventTrigger;
    assert.equal(trigger?.eventType, 'google.cloud.firestore.document.v1.created');
    assert.equal(trigger?.retry, true);
  });

  it('is built and linted for nodejs24 before it goes up, without sources and tests', () => {
    const [functions] = json('firebase.json').functions;
    assert.equal(functions.runtime, 'nodejs24');
    assert.deepEqual(
      functions.predeploy.map((command: string) => command.split(' ').at(-1)),
      ['lint', 'build'],
    );
    for (const left of ['node_modules', 'bundle', 'src', 'test'])
      assert.ok(functions.ignore.includes(left), left);
  });

  it('lets Firestore delete what is past its purge_at, and indexes alone what is asked for', () => {
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
