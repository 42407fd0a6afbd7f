import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Fault, SignedInUser } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { FAST_OUTAGE_PARAMS } from './fast-outage-params.ts';
import { type Records, recordsOf } from './records.ts';

const says = (content: string) => ({ role: 'user' as const, content });
const SLOW_MS = 5000;
/** Whoever waits for the store itself takes longer. */
const PATIENCE_MS = 4500;

describe(`a host with a Firestore delay of ${SLOW_MS} ms per call`, () => {
  let hosted: Hosted;
  let records: Records;
  let owner: SignedInUser;
  let session_id: string;
  before(async () => {
    hosted = await startHosted({ params: FAST_OUTAGE_PARAMS });
    records = recordsOf(hosted);
    owner = await hosted.signIn();
  });
  after(async () => {
    await records?.close();
    await hosted?.stop();
  });
  beforeEach(async () => {
    session_id = (await hosted.call(owner, 'createSession', {})).session_id;
    await hosted.call(owner, 'addMessage', { session_id, ...says('message 1') });
  });

  const struck = (
    fault: Pick<Fault, 'methods'>,
    effect: { kind: 'delay'; ms: number } | { kind: 'black-hole' },
  ) => hosted.proxy.faults.add({ ...fault, when: 'before', effect: { ...effect, thenApply: true } });

  const write = async (content: string) => {
    const startedAt = performance.now();
    const { durability } = await hosted.call(owner, 'addMessage', { session_id, ...says(content) });
    assert.equal(durability, 'volatile');
    const ms = performance.now() - startedAt;
    assert.ok(ms < PATIENCE_MS, `answered after ${Math.round(ms)} ms`);
  };

  const replayed = async () => {
    const { durability } = await eventually(
      () => hosted.call(owner, 'getSession', { session_id }),
      (got) => got.durability === 'durable',
    );
    assert.equal(durability, 'durable');
  };

  /** Resolves when the emulator is asked for what the proxy held. */
  const arrival = async () => {
    const bytes = await eventually(
      async () => hosted.proxy.meter.take().bytesUp,
      (sent) => sent > 0,
    );
    assert.ok(bytes > 0);
  };

  it('stores a message once when its write lands after its replay, and does not change an ended session', async () => {
    const slowness = struck({ methods: ['Commit'] }, { kind: 'delay', ms: SLOW_MS });
    await write('message 2');
    slowness.remove();
    await replayed();
    await hosted.call(owner, 'endSession', { session_id });
    const ended = await records.session(session_id);
    hosted.proxy.meter.take();
    await arrival();
    await records.assertHolds(session_id, ['message 1', 'message 2']);
    assert.deepEqual(await records.session(session_id), ended);
  });

  it('stores a message once when its write lands before its replay, and returns its seq', async () => {
    const held = struck({ methods: ['Commit'] }, { kind: 'black-hole' });
    await write('message 2');
    held.remove();
    const landed = await eventually(
      () => records.messagesOf(session_id),
      ({ length }) => length === 2,
    );
    await replayed();
    const stored = await records.assertHolds(session_id, ['message 1', 'message 2']);
    assert.deepEqual(stored, landed);
    const again = await hosted.call(owner, 'addMessage', {
      session_id,
      ...says('message 2'),
      message_id: landed[1]?.message_id,
      replay: true,
    });
    assert.deepEqual([again.seq, again.durability], [2, 'durable']);
  });

  it('continues in degraded mode for reads and for writes, and stores everything once afterwards', async () => {
    const slowness = struck({}, { kind: 'delay', ms: SLOW_MS });
    await write('message 2');
    await write('message 3');
    const { messages, complete } = await hosted.call(owner, 'getHistory', { session_id });
    assert.deepEqual([messages.map(({ seq }) => seq), complete], [[1, null, null], false]);
    slowness.remove();
    await replayed();
    await records.assertHolds(session_id, ['message 1', 'message 2', 'message 3']);
  });

  it('lets no operation overtake pending ones during a replay of any duration', async () => {
    const waiting = Array.from({ length: 20 }, (_, index) => `message ${index + 2}`);
    const outage = struck({}, { kind: 'black-hole' });
    for (const content of waiting) await write(content);
    outage.remove();
    // A call replays for a fraction of a second: with three round trips each, a few of the twenty.
    hosted.proxy.setDelay(50);
    const last = { session_id, ...says('the last'), message_id: randomUUID() };
    const durability = await eventually(
      async () => (await hosted.call(owner, 'addMessage', last)).durability,
      (now) => now === 'durable',
    );
    assert.equal(durability, 'durable');
    hosted.proxy.setDelay(0);
    await records.assertHolds(session_id, ['message 1', ...waiting, 'the last']);
  });
});
