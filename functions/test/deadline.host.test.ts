import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { AddedFault, Fault, SignedInUser } from 'kb-sessions-testing';
import { eventually } from './support/eventually.ts';
import { type Hosted, startHosted } from './support/hosted.ts';

const DEADLINE_MS = 400;
/** More than a call may take with a deadline for each of its RPCs, and far less than the SDK's minute. */
const PATIENCE_MS = 5000;

describe('a Firestore that does not answer', () => {
  let hosted: Hosted;
  let owner: SignedInUser;
  let admin: SignedInUser;
  before(async () => {
    hosted = await startHosted({ params: { RPC_DEADLINE_MS: String(DEADLINE_MS), BREAKER_FAILURES: '100' } });
    owner = await hosted.signIn();
    admin = await hosted.signIn({ admin: true });
  });
  after(() => hosted.stop());
  afterEach(() => hosted.proxy.faults.clear());

  const hang = (methods: Fault['methods'] & object): AddedFault =>
    hosted.proxy.faults.add({ methods, when: 'before', effect: { kind: 'black-hole', thenApply: true } });

  const unavailable = async (name: string, input: object, by = owner): Promise<void> => {
    const startedAt = performance.now();
    const { error } = await hosted.refused(by, name, input);
    const ms = performance.now() - startedAt;
    assert.equal(error.status, 'UNAVAILABLE');
    assert.ok(ms >= DEADLINE_MS - 50 && ms < PATIENCE_MS, `${name} answered after ${Math.round(ms)} ms`);
  };

  it('is unavailable after the deadline, for reads and for writes, and serves again afterwards', async () => {
    const { session_id } = await hosted.call(owner, 'createSession', {});
    const reads = hang(['BatchGetDocuments', 'RunQuery']);
    await unavailable('getSession', { session_id });
    await unavailable('getHistory', { session_id });
    await unavailable('listSessions', {});
    reads.remove();
    const counts = hang(['RunQuery', 'RunAggregationQuery']);
    await unavailable('getActiveSessions', {}, admin);
    await unavailable('clearExpiredSessions', {}, admin);
    counts.remove();
    const writes = hang(['Commit']);
    await unavailable('addMessage', { session_id, role: 'user', content: 'hello' });
    await unavailable('endSession', { session_id });
    writes.remove();
    await hosted.call(owner, 'getHistory', { session_id });
  });

  it('stores a message once whose write lands after it was given up, and answers its repetition with that', async () => {
    const { session_id } = await hosted.call(owner, 'createSession', {});
    const message = { session_id, role: 'user', content: 'hello', message_id: randomUUID() } as const;
    const writes = hang(['Commit']);
    await unavailable('addMessage', message);
    // The lane of the session waits no longer than its caller.
    await unavailable('addMessage', { ...message, message_id: randomUUID() });
    writes.remove();
    const landed = await eventually(
      () => hosted.call(owner, 'getHistory', { session_id }),
      ({ messages }) => messages.length > 0,
    );
    assert.equal(landed.messages.length, 1, 'of two that read the same, one lands');
    const again = await hosted.call(owner, 'addMessage', message);
    const { messages } = await hosted.call(owner, 'getHistory', { session_id });
    assert.equal(messages.filter(({ message_id }) => message_id === message.message_id).length, 1);
    assert.equal(messages.find(({ message_id }) => message_id === message.message_id)?.seq, again.seq);
    assert.deepEqual(
      messages.map(({ seq }) => seq),
      messages.map((_, index) => index + 1),
    );
  });
});
