import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { CallInput } from 'kb-sessions-contract';
import type { AddedFault, Fault, SignedInUser } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';

const DEADLINE_MS = 400;

describe('the functions, while Firestore does not answer,', () => {
  let hosted: Hosted;
  /** Another host of the same database, which prepares and checks. */
  let patient: Hosted;
  let owner: SignedInUser;
  let admin: SignedInUser;
  before(async () => {
    hosted = await startHosted({ params: { RPC_DEADLINE_MS: String(DEADLINE_MS), BREAKER_FAILURES: '100' } });
    patient = await startHosted({ database: hosted.database });
    owner = await hosted.signIn();
    admin = await hosted.signIn({ admin: true });
  });
  after(async () => {
    await Promise.all([hosted?.stop(), patient?.stop()]);
  });
  afterEach(() => hosted.proxy.faults.clear());

  const hang = (methods: Fault['methods'] & object): AddedFault =>
    hosted.proxy.faults.add({ methods, when: 'before', effect: { kind: 'black-hole', thenApply: true } });

  /** Calls until the call has met the fault: its RPC is held, so the host has answered without it. */
  const meet = async <Answer>(fault: AddedFault, call: () => Promise<Answer>): Promise<Answer> => {
    const before = fault.hits();
    while (true) {
      const startedAt = performance.now();
      const answer = await call();
      if (fault.hits() === before) continue;
      assert.ok(performance.now() - startedAt >= DEADLINE_MS - 50);
      return answer;
    }
  };
  const assertUnavailable = async (
    fault: AddedFault,
    name: string,
    input: object,
    by = owner,
  ): Promise<void> => {
    const { error } = await meet(fault, () => hosted.refused(by, name, input));
    assert.equal(error.status, 'UNAVAILABLE');
  };
  const assertVolatile = async <Name extends 'addMessage' | 'getSession'>(
    fault: AddedFault,
    name: Name,
    input: CallInput<Name>,
  ) => {
    const { durability } = await meet(fault, () => hosted.call(owner, name, input));
    assert.equal(durability, 'volatile');
  };
  const open = async (): Promise<string> => {
    const { session_id } = await patient.call(owner, 'createSession', {});
    await eventually(
      () => hosted.call(owner, 'getSession', { session_id }).catch(() => null),
      (got) => got?.durability === 'durable',
    );
    return session_id;
  };

  it('holds up reads and writes for no longer than the deadline', async () => {
    const session_id = await open();
    const another = await open();
    const reads = hang(['BatchGetDocuments', 'RunQuery']);
    await assertVolatile(reads, 'getSession', { session_id });
    const { complete } = await meet(reads, () => hosted.call(owner, 'getHistory', { session_id }));
    assert.equal(complete, false);
    await assertUnavailable(reads, 'listSessions', {});
    reads.remove();
    const counts = hang(['RunQuery', 'RunAggregationQuery']);
    await assertUnavailable(counts, 'getActiveSessions', {}, admin);
    await assertUnavailable(counts, 'clearExpiredSessions', {}, admin);
    counts.remove();
    const writes = hang(['Commit']);
    await assertUnavailable(writes, 'endSession', { session_id: another });
    const message_id = randomUUID();
    await assertVolatile(writes, 'addMessage', { session_id, message_id, role: 'user', content: 'hello' });
    writes.remove();
    const history = await eventually(
      () => hosted.call(owner, 'getHistory', { session_id }),
      ({ complete, messages }) => complete && messages.every(({ seq }) => seq !== null),
    );
    assert.deepEqual(
      history.messages.map(({ content, seq }) => [content, seq]),
      [['hello', 1]],
    );
  });

  it('stores a message once if its write is applied after the deadline, and answers the repeated call with its number', async () => {
    const session_id = await open();
    const messages = ['first', 'second'].map(
      (content) => ({ session_id, role: 'user', content, message_id: randomUUID() }) as const,
    );
    const writes = hang(['Commit']);
    // The lane of the session waits no longer than its caller.
    for (const message of messages) await assertVolatile(writes, 'addMessage', message);
    writes.remove();
    const stored = await eventually(
      () => hosted.call(owner, 'getHistory', { session_id }),
      ({ messages: found }) => found.every(({ seq }) => seq !== null),
    );
    assert.deepEqual(
      stored.messages.map(({ seq, content }) => [seq, content]),
      [
        [1, 'first'],
        [2, 'second'],
      ],
    );
    for (const [index, message] of messages.entries())
      assert.equal((await patient.call(owner, 'addMessage', message)).seq, index + 1);
  });
});
