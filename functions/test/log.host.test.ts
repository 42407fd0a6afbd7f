import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Hosted, startHosted } from './support/hosted.ts';
import { type CallLine, callsIn } from './support/log-lines.ts';

const CANARY = 'canary-7c1f';

describe('what an instance logs', () => {
  let hosted: Hosted;
  before(async () => {
    hosted = await startHosted();
  });
  after(() => hosted.stop());

  const calls = (): CallLine[] => callsIn(hosted.hosts[0]?.output() ?? '');

  it('is one line per call with outcome, latency and documents, and neither content nor ids, failures included', async () => {
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
      calls().map(({ severity, call, outcome }) => [severity, call, outcome]),
      [
        ['INFO', 'createSession', 'ok'],
        ['INFO', 'addMessage', 'ok'],
        ['INFO', 'addMessage', 'invalid-argument'],
        ['INFO', 'getSession', 'not-found'],
        ['INFO', 'addMessage', 'ok'],
        ['ERROR', 'endSession', 'unavailable'],
        ['INFO', 'addMessage', 'invalid-argument'],
      ],
    );
    const [, added] = calls();
    assert.deepEqual(
      { ...added, ms: 0 },
      {
        severity: 'INFO',
        message: 'call',
        call: 'addMessage',
        outcome: 'ok',
        ms: 0,
        documents_read: 1,
        documents_written: 2,
      },
    );
    const written = hosted.hosts.map((host) => host.output()).join('\n');
    for (const secret of [CANARY, session_id, owner.uid, owner.idToken]) {
      assert.equal(written.includes(secret), false, `found ${secret} in\n${written}`);
    }
  });
});
