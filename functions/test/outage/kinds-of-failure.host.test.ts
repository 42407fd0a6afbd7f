import assert from 'node:assert/strict';
import type { Fault, SignedInUser } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { FAST_OUTAGE_PARAMS, SHORT_DEADLINE_PARAMS } from './fast-outage-params.ts';
import { type Records, recordsOf } from './records.ts';

const says = (content: string) => ({ role: 'user' as const, content });

const AWAY: Record<string, Fault> = {
  RESOURCE_EXHAUSTED: { when: 'before', effect: { kind: 'code', code: 'RESOURCE_EXHAUSTED' } },
  INTERNAL: { when: 'before', effect: { kind: 'code', code: 'INTERNAL' } },
  UNKNOWN: { when: 'before', effect: { kind: 'code', code: 'UNKNOWN' } },
  CANCELLED: { when: 'before', effect: { kind: 'code', code: 'CANCELLED' } },
  UNAVAILABLE: { when: 'before', effect: { kind: 'code', code: 'UNAVAILABLE' } },
  DEADLINE_EXCEEDED: { when: 'before', effect: { kind: 'code', code: 'DEADLINE_EXCEEDED' } },
  'dropped connections': { when: 'before', effect: { kind: 'drop' } },
  'truncated answers': { when: 'after', effect: { kind: 'cut', afterMessages: 0 } },
};
/** A deployment that is wrong, or a fault of our own: no fallback makes it better. */
const ANSWERS = ['PERMISSION_DENIED', 'INVALID_ARGUMENT', 'UNAUTHENTICATED', 'UNIMPLEMENTED'] as const;

describe('a failure of Firestore', () => {
  let hosted: Hosted;
  /** For the failures that the client library repeats until the deadline. */
  let hasty: Hosted;
  let records: Records;
  let owner: SignedInUser;
  let admin: SignedInUser;
  let session_id: string;
  before(async () => {
    hosted = await startHosted({ params: FAST_OUTAGE_PARAMS });
    hasty = await startHosted({ params: SHORT_DEADLINE_PARAMS, database: hosted.database });
    records = recordsOf(hosted);
    owner = await hosted.signIn();
    admin = await hosted.signIn({ admin: true });
  });
  after(async () => {
    await records?.close();
    await Promise.all([hosted?.stop(), hasty?.stop()]);
  });
  beforeEach(async () => {
    session_id = (await hosted.call(owner, 'createSession', {})).session_id;
  });
  afterEach(() => {
    for (const { proxy } of [hosted, hasty]) proxy.faults.clear();
  });

  const metrics = (of = hosted) => of.call(admin, 'getMetrics', {});

  const untilDurable = () =>
    eventually(
      () => hasty.call(owner, 'getSession', { session_id }).catch(() => null),
      (got) => got?.durability === 'durable',
    );

  for (const [name, fault] of Object.entries(AWAY)) {
    it(`starts an outage if it is ${name}`, async () => {
      await untilDurable();
      hasty.proxy.faults.add(fault);
      for (const content of ['message 1', 'message 2']) {
        const { durability } = await hasty.call(owner, 'addMessage', { session_id, ...says(content) });
        assert.equal(durability, 'volatile');
      }
      assert.notEqual((await metrics(hasty)).breaker, 'closed');
      hasty.proxy.faults.clear();
      await untilDurable();
      await records.assertHolds(session_id, ['message 1', 'message 2']);
      assert.equal((await metrics(hasty)).breaker, 'closed');
    });
  }

  it('starts an outage if only writes fail, and getActiveSessions counts the sessions in the journal', async () => {
    const before = await hosted.call(admin, 'getActiveSessions', {});
    assert.deepEqual([before.memory_sessions, before.total], [0, before.firebase_sessions]);
    hosted.proxy.faults.add({
      methods: ['Commit'],
      when: 'before',
      effect: { kind: 'code', code: 'UNKNOWN' },
    });
    assert.equal((await hosted.call(owner, 'createSession', {})).durability, 'volatile');
    const meanwhile = await hosted.call(admin, 'getActiveSessions', {});
    assert.deepEqual(
      [meanwhile.firebase_sessions, meanwhile.memory_sessions, meanwhile.total],
      [before.total, 1, before.total + 1],
    );
    hosted.proxy.faults.clear();
    const after = await eventually(
      async () => {
        await hosted.call(owner, 'getSession', { session_id });
        return hosted.call(admin, 'getActiveSessions', {});
      },
      ({ memory_sessions }) => memory_sessions === 0,
    );
    assert.deepEqual([after.firebase_sessions, after.memory_sessions], [meanwhile.total, 0]);
  });

  for (const code of ANSWERS) {
    it(`starts no outage if it is ${code}`, async () => {
      const { fallback } = await metrics();
      hosted.proxy.faults.add({ when: 'before', effect: { kind: 'code', code } });
      for (const [name, input] of [
        ['addMessage', { session_id, ...says('message 1') }],
        ['createSession', {}],
        ['getSession', { session_id }],
        ['getHistory', { session_id }],
      ] as const) {
        const { error } = await hosted.refused(owner, name, input);
        assert.deepEqual(error, { status: 'INTERNAL', message: 'internal error' });
      }
      const after = await metrics();
      assert.equal(after.breaker, 'closed');
      assert.deepEqual(
        [after.fallback.accepted, after.fallback.activations],
        [fallback.accepted, fallback.activations],
      );
      hosted.proxy.faults.clear();
      await records.assertHolds(session_id, []);
    });
  }
});
