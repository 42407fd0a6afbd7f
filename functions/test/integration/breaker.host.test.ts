import assert from 'node:assert/strict';
import type { SignedInUser } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { callsIn, linesIn } from '../support/log-lines.ts';

const DEADLINE_MS = 1000;
const FAILURES = 3;
/** More than a minute between probes: none comes into the measured calls. */
const PROBE_SECONDS = 60;
const FAST_CALLS = 201;

describe('the circuit breaker in an outage', () => {
  let hosted: Hosted;
  /** Another host of the same database, which prepares the sessions whatever the deadline is. */
  let patient: Hosted;
  let owner: SignedInUser;
  let admin: SignedInUser;
  let session_id: string;
  const message = (to = session_id) => ({ session_id: to, role: 'user', content: 'hello' }) as const;

  const start = async (probeSeconds: number) => {
    hosted = await startHosted({
      params: {
        RPC_DEADLINE_MS: String(DEADLINE_MS),
        BREAKER_FAILURES: String(FAILURES),
        BREAKER_PROBE_SECONDS: String(probeSeconds),
      },
    });
    owner = await hosted.signIn();
    admin = await hosted.signIn({ admin: true });
    patient = await startHosted({ database: hosted.database });
    session_id = (await patient.call(owner, 'createSession', {})).session_id;
  };
  afterEach(async () => {
    await Promise.all([hosted.stop(), patient.stop()]);
  });

  const breaker = async () => (await hosted.call(admin, 'getMetrics', {})).breaker;
  const output = () => hosted.hosts[0]?.output() ?? '';
  const goAway = () => hosted.proxy.faults.add({ when: 'before', effect: { kind: 'black-hole' } });
  /** How long the calls of addMessage took inside the function. */
  const times = (calls: number): Promise<number[]> =>
    eventually(
      () =>
        callsIn(output())
          .filter(({ call }) => call === 'addMessage')
          .map(({ ms }) => ms),
      ({ length }) => length >= calls,
    );

  it('lets the first calls wait for the deadline, and no other call', async () => {
    await start(PROBE_SECONDS);
    const outage = goAway();
    const write = async () => {
      const { durability } = await hosted.call(owner, 'addMessage', message());
      assert.equal(durability, 'volatile');
    };
    for (let call = 0; call < FAILURES; call += 1) await write();
    assert.equal(await breaker(), 'open');
    assert.equal(outage.hits(), FAILURES);
    const { cost } = await hosted.proxy.meter.measure(async () => {
      for (let call = 0; call < FAST_CALLS; call += 1) await write();
    });
    assert.deepEqual(cost.rpcs, {});

    const [first = Number.NaN, ...others] = await times(FAILURES + FAST_CALLS);
    const fast = others.slice(FAILURES - 1).toSorted((a, b) => a - b);
    assert.equal(fast.length, FAST_CALLS);
    console.log(
      `      the first call of an outage takes ${Math.round(first)} ms with a deadline of ${DEADLINE_MS} ms`,
    );
    console.log(
      `      addMessage while the breaker is open: median ${fast[FAST_CALLS >> 1]} ms, worst ${fast.at(-1)} ms of ${fast.length}, inside the function`,
    );
    assert.ok(first >= DEADLINE_MS - 50);
  });

  it('is logged, lets one call at a time probe Firestore, and closes after the first successful probe', async () => {
    await start(2);
    const others = await Promise.all(
      Array.from({ length: 20 }, async () => (await patient.call(owner, 'createSession', {})).session_id),
    );
    const outage = goAway();
    for (let call = 0; call < FAILURES; call += 1) await hosted.call(owner, 'addMessage', message());
    assert.equal(await breaker(), 'open');
    const probes = await eventually(
      async () => {
        const before = outage.hits();
        await Promise.all(others.map((other) => hosted.call(owner, 'addMessage', message(other))));
        return outage.hits() - before;
      },
      (hits) => hits > 0,
    );
    assert.equal(probes, 1, 'of 20 calls at once, one probes');
    outage.remove();
    const appended = await eventually(
      () => hosted.call(owner, 'addMessage', message()),
      ({ durability }) => durability === 'durable',
    );
    assert.equal(appended.durability, 'durable');
    assert.equal(await breaker(), 'closed');
    const notices = await eventually(
      () => linesIn(output()).filter(({ message: text }) => text.startsWith('firestore.')),
      (lines) => lines.at(-1)?.message === 'firestore.available',
    );
    assert.deepEqual([notices[0]?.message, notices[0]?.severity], ['firestore.unavailable', 'ERROR']);
    assert.equal(notices.at(-1)?.severity, 'NOTICE');
  });
});
