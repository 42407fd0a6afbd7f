import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { CallInput } from 'kb-sessions-contract';
import type { AddedFault, Fault, SignedInUser } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';

const DEADLINE_MS = 400;
/** More than a call may take with a deadline for each of its RPCs, and far less than the SDK's minute. */
const PATIENCE_MS = 5000;

describe('the functions, while Firestore does not answer,', () => {
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

  const inTime = async <Answer>(name: string, call: Promise<Answer>): Promise<Answer> => {
    const startedAt = performance.now();
    const answer = await call;
    const ms = performance.now() - startedAt;
    assert.ok(ms >= DEADLINE_MS - 50 && ms < PATIENCE_MS, `${name} answered after ${Math.round(ms)} ms`);
    return answer;
  };
  const unavailable = async (name: string, input: object, by = owner): Promise<void> => {
    const { error } = await inTime(name, hosted.refused(by, name, input));
    assert.equal(error.status, 'UNAVAILABLE');
  };
  const volatile = async <Name extends 'addMessage' | 'getSession'>(name: Name, input: CallInput<Name>) => {
    const { durability } = await inTime(name, hosted.call(owner, name, input));
    assert.equal(durability, 'volatile');
  };
  const open = async () => (await hosted.call(owner, 'createSession', {})).session_id;

  it('stop waiting at the deadline, for reads and for writes, and recover afterwards', async () => {
    const session_id = await open();
    const another = await open();
    const reads = hang(['BatchGetDocuments', 'RunQuery']);
    await volatile('getSession', { session_id });
    const { complete } = await inTime('getHistory', hosted.call(owner, 'getHistory', { session_id }));
    assert.equal(complete, false);
    await unavailable('listSessions', {});
    reads.remove();
    const counts = hang(['RunQuery', 'RunAggregationQuery']);
    await unavailable('getActiveSessions', {}, admin);
    await unavailable('clearExpiredSessions', {}, admin);
    counts.remove();
    const writes = hang(['Commit']);
    await unavailable('endSession', { session_id: another });
    await volatile('addMessage', { session_id, role: 'user', content: 'hello' });
    writes.remove();
    const history = await hosted.call(owner, 'getHistory', { session_id });
    assert.deepEqual(
      [history.complete, history.messages.map(({ content, seq }) => [content, seq])],
      [true, [['hello', 1]]],
    );
  });

  it('store a message once when an abandoned write lands later, and answer its repetition with it', async () => {
    const session_id = await open();
    const messages = ['first', 'second'].map(
      (content) => ({ session_id, role: 'user', content, message_id: randomUUID() }) as const,
    );
    const writes = hang(['Commit']);
    // The lane of the session waits no longer than its caller.
    for (const message of messages) await volatile('addMessage', message);
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
      assert.equal((await hosted.call(owner, 'addMessage', message)).seq, index + 1);
  });
});
