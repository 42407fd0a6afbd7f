import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { SignedInUser } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { createIdHasher } from '../../src/logging/hash-id.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { type CallLine, callsIn } from '../support/log-lines.ts';

const CANARY = 'canary-7c1f';

describe('the log of an instance', () => {
  let hosted: Hosted;
  before(async () => {
    hosted = await startHosted({ params: { LOG_SALT: 'salt' } });
  });
  after(() => hosted.stop());

  const hashed = createIdHasher('salt');
  const output = (): string => hosted.hosts.map((host) => host.output()).join('\n');
  /** The lines of all calls, once there are `count`: a line may arrive later than its answer. */
  const calls = (count: number): Promise<CallLine[]> =>
    eventually(
      () => callsIn(output()),
      ({ length }) => length >= count,
    );
  /** The lines of the calls of a user, once there are some. */
  const callsOf = ({ uid }: SignedInUser): Promise<CallLine[]> =>
    eventually(
      () => callsIn(output()).filter(({ user }) => user === hashed(uid)),
      ({ length }) => length > 0,
    );
  const assertHidden = (secrets: string[]): void => {
    const written = output();
    for (const secret of secrets)
      assert.equal(written.includes(secret), false, `found ${secret} in\n${written}`);
  };

  it('has one line per call with outcome, latency and documents, without content and ids, also for failures', async () => {
    const owner = await hosted.signIn();
    const { session_id } = await hosted.call(owner, 'createSession', { user_info: { company: CANARY } });
    const message = { session_id, role: 'user', content: CANARY } as const;
    await hosted.call(owner, 'addMessage', message);
    await hosted.refused(owner, 'addMessage', { ...message, [CANARY]: true });
    await hosted.refused(owner, 'getSession', { session_id: randomUUID() });
    const outage = hosted.proxy.faults.add({
      methods: ['Commit'],
      when: 'before',
      effect: { kind: 'code', code: 'DEADLINE_EXCEEDED', message: `${CANARY} ${session_id}` },
    });
    const { durability } = await hosted.call(owner, 'addMessage', message);
    assert.equal(durability, 'volatile');
    await hosted.refused(owner, 'endSession', { session_id });
    outage.remove();
    const response = await fetch(`http://${hosted.hosts[0]?.address}/sessions/addMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.idToken}` },
      body: JSON.stringify({ data: {}, [CANARY]: CANARY }),
    });
    assert.match(await response.text(), /INVALID_ARGUMENT/);

    assert.deepEqual(
      (await calls(7)).map(({ severity, call, outcome }) => [severity, call, outcome]),
      [
        ['INFO', 'createSession', 'ok'],
        ['INFO', 'addMessage', 'ok'],
        ['INFO', 'addMessage', 'invalid-argument'],
        ['WARNING', 'getSession', 'not-found'],
        ['INFO', 'addMessage', 'ok'],
        ['ERROR', 'endSession', 'unavailable'],
        ['INFO', 'addMessage', 'invalid-argument'],
      ],
    );
    const [, added] = await calls(7);
    assert.deepEqual(
      { ...added, ms: 0 },
      {
        severity: 'INFO',
        message: 'call',
        call: 'addMessage',
        outcome: 'ok',
        ms: 0,
        user: hashed(owner.uid),
        session: hashed(session_id),
        documents_read: 1,
        documents_written: 2,
      },
    );
    assertHidden([CANARY, session_id, owner.uid, owner.idToken]);
  });

  it('names who was refused which call, for a filter', async () => {
    const [owner, stranger] = await Promise.all([hosted.signIn(), hosted.signIn()]);
    const { session_id } = await hosted.call(owner, 'createSession', {});
    await callsOf(owner);
    const before = callsIn(output()).length;
    await hosted.refused(null, 'getHistory', { session_id });
    await hosted.refused(stranger, 'endSession', { session_id });
    await hosted.refused(stranger, 'endUserSessions', { user_id: owner.uid });
    await hosted.refused(stranger, 'getHistory', { session_id, user_id: owner.uid });
    const lines = (await calls(before + 4)).slice(before);
    assert.deepEqual(
      lines.map(({ severity, refused, call, outcome, user, session, owner: whose }) => [
        severity,
        refused,
        call,
        outcome,
        user,
        session,
        whose,
      ]),
      [
        ['WARNING', true, 'getHistory', 'unauthenticated', undefined, undefined, undefined],
        ['WARNING', true, 'endSession', 'not-found', hashed(stranger.uid), hashed(session_id), undefined],
        ['WARNING', true, 'endUserSessions', 'permission-denied', hashed(stranger.uid), undefined, undefined],
        [
          'WARNING',
          true,
          'getHistory',
          'permission-denied',
          hashed(stranger.uid),
          hashed(session_id),
          hashed(owner.uid),
        ],
      ],
    );
    assertHidden([owner.uid, stranger.uid, session_id]);
  });

  it('names the admin who ended the sessions of a user', async () => {
    const [owner, admin] = await Promise.all([hosted.signIn(), hosted.signIn({ admin: true })]);
    await hosted.call(admin, 'endUserSessions', { user_id: owner.uid });
    const { severity, outcome, user, owner: whose } = (await callsOf(admin)).at(-1) ?? assert.fail();
    assert.deepEqual(
      [severity, outcome, user, whose],
      ['NOTICE', 'ok', hashed(admin.uid), hashed(owner.uid)],
    );
  });

  it('has one line of JSON for each call, for every input', async () => {
    const owner = await hosted.signIn();
    const { session_id } = await hosted.call(owner, 'createSession', {});
    await callsOf(owner);
    const before = output().length;
    const logged = callsIn(output()).length;
    const texts = [
      '\r\n{"severity":"INFO","message":"call"}',
      '\u001b[31mred\u001b[0m',
      '\u2028\u2029\u0085',
      '"}\n{"',
    ];
    for (const text of texts) {
      await hosted.refused(owner, 'getSession', { session_id: text });
      await hosted.refused(owner, 'getSession', { session_id, [text]: text });
      await hosted.call(owner, 'addMessage', { session_id, role: 'user', content: text });
      await hosted.post(`${encodeURIComponent(text)}`, { user: owner });
    }
    await calls(logged + texts.length * 4);
    const lines = output()
      .slice(before)
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    assert.equal(lines.filter(({ message }) => message === 'call').length, texts.length * 4);
  });
});
