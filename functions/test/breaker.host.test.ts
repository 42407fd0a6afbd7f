import assert from 'node:assert/strict';
import type { SignedInUser } from 'kb-sessions-testing';
import { eventually } from './support/eventually.ts';
import { type Hosted, startHosted } from './support/hosted.ts';
import { callsIn, linesIn } from './support/log-lines.ts';

const DEADLINE_MS = 400;
const REFUSED_CALLS = 51;

describe('an outage of Firestore', () => {
  let hosted: Hosted;
  let owner: SignedInUser;
  let admin: SignedInUser;
  before(async () => {
    const params = {
      RPC_DEADLINE_MS: String(DEADLINE_MS),
      BREAKER_FAILURES: '3',
      BREAKER_PROBE_SECONDS: '1',
    };
    hosted = await startHosted({ params });
    owner = await hosted.signIn();
    admin = await hosted.signIn({ admin: true });
  });
  after(() => hosted.stop());

  const breaker = async () => (await hosted.call(admin, 'getMetrics', {})).breaker;
  const output = () => hosted.hosts[0]?.output() ?? '';

  it('costs a few calls the deadline and the rest nothing, is logged, and ends with one call that finds Firestore back', async () => {
    const { session_id } = await hosted.call(owner, 'createSession', {});
    const outage = hosted.proxy.faults.add({ when: 'before', effect: { kind: 'black-hole' } });
    const message = { session_id, role: 'user', content: 'hello' } as const;
    const refused = async () => {
      const { error } = await hosted.refused(owner, 'addMessage', message);
      assert.equal(error.status, 'UNAVAILABLE');
    };
    for (let call = 0; call < 3; call += 1) await refused();
    assert.equal(await breaker(), 'open');
    const { cost } = await hosted.proxy.meter.measure(async () => {
      for (let call = 0; call < REFUSED_CALLS; call += 1) await refused();
    });
    const times = callsIn(output())
      .filter(({ outcome }) => outcome === 'unavailable')
      .map(({ ms }) => ms);
    for (const ms of times.slice(0, 3)) assert.ok(ms >= DEADLINE_MS - 50, `${ms} ms`);
    const median = times.slice(3).toSorted((a, b) => a - b)[Math.floor(REFUSED_CALLS / 2)];
    console.log(`      a call of an outage takes ${median} ms at the median inside the function`);
    assert.ok((cost.rpcs.BatchGetDocuments ?? 0) <= 2, 'only probes reach Firestore');

    outage.remove();
    const appended = await eventually(
      () => hosted.call(owner, 'addMessage', message).catch(() => null),
      (answer) => answer !== null,
    );
    assert.equal(appended?.seq, 1);
    assert.equal(await breaker(), 'closed');
    const notices = linesIn(output()).filter(({ message: text }) => text.startsWith('firestore.'));
    assert.deepEqual(notices[0], { ...notices[0], severity: 'ERROR', message: 'firestore.unavailable' });
    assert.deepEqual(notices.at(-1), {
      ...notices.at(-1),
      severity: 'NOTICE',
      message: 'firestore.available',
    });
  });
});
