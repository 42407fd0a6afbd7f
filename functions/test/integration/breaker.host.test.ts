import assert from 'node:assert/strict';
import type { SignedInUser } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { callsIn, linesIn } from '../support/log-lines.ts';

const DEADLINE_MS = 1000;
/** What a slow machine adds to a deadline. */
const MARGIN_MS = 400;
const FAILURES = 3;
/** More than a minute between probes: none comes into the measured calls. */
const PROBE_SECONDS = 60;
const FAST_CALLS = 201;
const FAST_MS = 5;

describe('the circuit breaker, in an outage of Firestore,', () => {
  let hosted: Hosted;
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
    session_id = (await hosted.call(owner, 'createSession', {})).session_id;
    await hosted.call(owner, 'addMessage', message());
  };
  afterEach(() => hosted.stop());

  const breaker = async () => (await hosted.call(admin, 'getMetrics', {})).breaker;
  const output = () => hosted.hosts[0]?.output() ?? '';
  const goAway = () => hosted.proxy.faults.add({ when: 'before', effect: { kind: 'black-hole' } });
  /** How long the addMessages since the first took inside the function. */
  const times = () =>
    callsIn(output())
      .filter(({ call }) => call === 'addMessage')
      .map(({ ms }) => ms)
      .slice(1);

  it('makes a few calls wait for the deadline once each, and the others not at all', async () => {
    await start(PROBE_SECONDS);
    goAway();
    const write = async () => {
      const { durability } = await hosted.call(owner, 'addMessage', message());
      assert.equal(durability, 'volatile');
    };
    for (let call = 0; call < FAILURES; call += 1) await write();
    assert.equal(await breaker(), 'open');
    const { cost } = await hosted.proxy.meter.measure(async () => {
      for (let call = 0; call < FAST_CALLS; call += 1) await write();
    });
    assert.deepEqual(cost.rpcs, {});

    const [first = Number.NaN] = times();
    const fast = times()
      .slice(FAILURES)
      .toSorted((a, b) => a - b);
    const median = fast[Math.floor(FAST_CALLS / 2)] ?? Number.NaN;
    const worst = fast.at(-1);
    console.log(
      `      the first call of an outage takes ${Math.round(first)} ms with a deadline of ${DEADLINE_MS} ms`,
    );
    console.log(
      `      addMessage while the breaker is open: median ${median} ms, worst ${worst} ms of ${fast.length}, inside the function`,
    );
    assert.equal(fast.length, FAST_CALLS);
    for (const ms of times()) assert.ok(ms <= DEADLINE_MS + MARGIN_MS, `${ms} ms`);
    assert.ok(first >= DEADLINE_MS - 50);
    assert.ok(median < FAST_MS);
  });

  it('logs its changes, probes with one call at a time, and closes after the first success', async () => {
    await start(1);
    const others = await Promise.all(
      Array.from({ length: 20 }, async () => (await hosted.call(owner, 'createSession', {})).session_id),
    );
    const outage = goAway();
    for (let call = 0; call < FAILURES; call += 1) await hosted.call(owner, 'addMessage', message());
    assert.equal(await breaker(), 'open');
    const slow = await eventually(
      async () => {
        const before = times().length;
        await Promise.all(others.map((other) => hosted.call(owner, 'addMessage', message(other))));
        return times()
          .slice(before)
          .filter((ms) => ms >= DEADLINE_MS - 50).length;
      },
      (probes) => probes > 0,
    );
    assert.equal(slow, 1, 'of 20 calls at once, one finds out');
    outage.remove();
    const appended = await eventually(
      () => hosted.call(owner, 'addMessage', message()),
      ({ durability }) => durability === 'durable',
    );
    assert.equal(appended.durability, 'durable');
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
