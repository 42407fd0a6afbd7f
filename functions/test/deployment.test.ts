import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { contract } from '../src/contract.ts';
import * as exported from '../src/index.ts';

const json = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));

/** They look into the memory of the instance that serves the other calls. */
const OF_THE_GROUP_ONLY = ['getActiveSessions', 'getMetrics'];

describe('what is deployed', () => {
  it('is the group, every call that can stand alone, the schedules and the trigger', () => {
    const single = Object.keys(contract).filter((name) => !OF_THE_GROUP_ONLY.includes(name));
    assert.deepEqual(
      Object.keys(exported).toSorted(),
      ['sessions', ...single, 'expireSessions', 'reconcileCounters', 'onMessageCreated'].toSorted(),
    );
    assert.ok(exported.sessions.__endpoint.callableTrigger);
    assert.ok(exported.addMessage.__endpoint.callableTrigger);
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
    for (const left of ['node_modules', 'src', 'test']) assert.ok(functions.ignore.includes(left), left);
  });

  it('lets Firestore delete what is past its purge_at, and keeps long and sequential fields out of indexes', () => {
    const overrides: { collectionGroup: string; fieldPath: string; ttl?: boolean; indexes: object[] }[] =
      json('firestore.indexes.json').fieldOverrides;
    const fields = (select: (override: (typeof overrides)[number]) => boolean) =>
      overrides.filter(select).map(({ collectionGroup, fieldPath }) => `${collectionGroup}.${fieldPath}`);
    assert.deepEqual(
      fields(({ ttl }) => ttl === true),
      ['kb_sessions.purge_at', 'kb_messages.purge_at'],
    );
    const exempt = fields(({ indexes }) => indexes.length === 0);
    for (const field of [
      'kb_sessions.recent',
      'kb_sessions.created_at',
      'kb_sessions.last_activity',
      'kb_sessions.expires_at',
      'kb_sessions.purge_at',
      'kb_messages.content',
      'kb_messages.metadata',
      'kb_messages.created_at',
      'kb_messages.seq',
      'kb_messages.purge_at',
    ]) {
      assert.ok(exempt.includes(field), field);
    }
  });
});
