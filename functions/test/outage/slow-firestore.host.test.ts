import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { AddedFault, Fault, SignedInUser } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { cutFirestore } from './cut-firestore.ts';
import { FAST_OUTAGE_PARAMS, SHORT_DEADLINE_PARAMS } from './fast-outage-params.ts';
import { type Records, recordsOf } from './records.ts';

const says = (content: string) => ({ role: 'user' as const, content });

describe('a host whose Firestore answers after the deadline', () => {
  let hasty: Hosted;
  /** Another host of the same database, which prepares and checks. */
  let patient: Hosted;
  let records: Records;
  let owner: SignedInUser;
  let session_id: string;
  before(async () => {
    hasty = await startHosted({ params: SHORT_DEADLINE_PARAMS });
    patient = await startHosted({ params: FAST_OUTAGE_PARAMS, database: hasty.database });
    records = recordsOf(hasty);
    owner = await hasty.signIn();
  });
  after(async () => {
    await records?.close();
    await Promise.all([hasty?.stop(), patient?.stop()]);
  });
  beforeEach(async () => {
    session_id = (await patient.call(owner, 'createSession', {})).session_id;
    await patient.call(owner, 'addMessage', { session_id, ...says('message 1') });
    await untilDurable(hasty);
  });
  afterEach(() => {
    for (const { proxy } of [hasty, patient]) proxy.faults.clear();
  });

  /** Until it is removed, the RPCs wait at the proxy. Then they are applied, although their caller has given up. */
  const holdRpcs = (fault: Pick<Fault, 'methods' | 'times'>): AddedFault =>
    hasty.proxy.faults.add({ ...fault, when: 'before', effect: { kind: 'black-hole', thenApply: true } });

  const writeVolatile = async (content: string, host = hasty) => {
    const { durability } = await host.call(owner, 'addMessage', { session_id, ...says(content) });
    assert.equal(durability, 'volatile');
  };

  const untilDurable = (host: Hosted) =>
    eventually(
      () => host.call(owner, 'getSession', { session_id }).catch(() => null),
      (got) => got?.durability === 'durable',
    );

  it('stores a message once when its write lands after its replay, and does not change an ended session', async () => {
    const held = holdRpcs({ methods: ['Commit'], times: 1 });
    await writeVolatile('message 2');
    await untilDurable(hasty);
    await patient.call(owner, 'endSession', { session_id });
    const ended = await records.session(session_id);
    hasty.proxy.meter.take();
    held.remove();
    await eventually(
      () => hasty.proxy.meter.take().bytesUp,
      (bytes) => bytes > 0,
    );
    await records.assertHolds(session_id, ['message 1', 'message 2']);
    assert.deepEqual(await records.session(session_id), ended);
  });

  it('stores a message once when its write lands before its replay, and returns its seq', async () => {
    const held = holdRpcs({ methods: ['Commit'] });
    await writeVolatile('message 2');
    held.remove();
    const applied = await eventually(
      () => records.messagesOf(session_id),
      ({ length }) => length === 2,
    );
    await untilDurable(hasty);
    const stored = await records.assertHolds(session_id, ['message 1', 'message 2']);
    assert.deepEqual(stored, applied);
    const again = await patient.call(owner, 'addMessage', {
      session_id,
      ...says('message 2'),
      message_id: applied[1]?.message_id,
      replay: true,
    });
    assert.deepEqual([again.seq, again.durability], [2, 'durable']);
  });

  it('continues in degraded mode for reads and for writes, and stores everything once afterwards', async () => {
    const held = holdRpcs({});
    await writeVolatile('message 2');
    await writeVolatile('message 3');
    const { messages, complete } = await hasty.call(owner, 'getHistory', { session_id });
    assert.deepEqual([messages.map(({ seq }) => seq), complete], [[1, null, null], false]);
    held.remove();
    await untilDurable(hasty);
    await records.assertHolds(session_id, ['message 1', 'message 2', 'message 3']);
  });

  it('lets no operation overtake pending ones during a replay of any duration', async () => {
    const pending = Array.from({ length: 20 }, (_, index) => `message ${index + 2}`);
    const outage = cutFirestore(patient);
    for (const content of pending) await writeVolatile(content, patient);
    outage.remove();
    // A call replays for a fraction of a second: with three round trips each, a few of the twenty.
    patient.proxy.setDelay(50);
    const last = { session_id, ...says('the last'), message_id: randomUUID() };
    await eventually(
      () => patient.call(owner, 'addMessage', last),
      ({ durability }) => durability === 'durable',
    );
    patient.proxy.setDelay(0);
    await records.assertHolds(session_id, ['message 1', ...pending, 'the last']);
  });
});
