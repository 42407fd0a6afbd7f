import assert from 'node:assert/strict';
import { createClient, directTransport, SessionsError } from '../src/index.ts';
import { everyCall, FakeHttpsError, recording } from './support.ts';

const uuidV4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const first = 'a24a6ea4-ce75-4665-a070-57453082c256';
const message = { role: 'user', content: 'What is an erf?' } as const;

describe('createClient()', () => {
  it('provides a method for each call, under its name', async () => {
    const { calls, callables } = everyCall();
    const client = createClient(directTransport(callables));
    await client.createSession();
    await client.getSession({ session_id: first });
    await client.addMessage({ session_id: first, ...message });
    await client.addMessages({ session_id: first, messages: [message] });
    await client.getHistory({ session_id: first });
    await client.listSessions();
    await client.endSession({ session_id: first });
    await client.submitFeedback({ session_id: first, message_id: first, rating: 'positive' });
    await client.escalateSession({ session_id: first });
    await client.endMySessions();
    await client.endUserSessions({ user_id: 'thandi' });
    await client.exportMyData();
    await client.exportUserData({ user_id: 'thandi' });
    await client.deleteMyData();
    await client.deleteUserData({ user_id: 'thandi' });
    await client.getActiveSessions();
    await client.clearExpiredSessions();
    await client.getMetrics();
    assert.deepEqual([...calls.keys()], Object.keys(callables));
    assert.deepEqual(Object.keys(client), [...Object.keys(callables), 'pending', 'flush']);
  });

  it('recovers by default unless the caller disables it', async () => {
    const { calls, callables } = everyCall();
    const client = createClient(directTransport(callables));
    await client.getSession({ session_id: first });
    assert.equal(calls.get('getSession')?.recover, true);
    await client.addMessages({ session_id: first, messages: [message] });
    assert.equal(calls.get('addMessages')?.recover, true);
    await client.addMessage({ session_id: first, ...message, recover: undefined });
    assert.equal(calls.get('addMessage')?.recover, true);
    await client.addMessage({ session_id: first, ...message, recover: false });
    assert.equal(calls.get('addMessage')?.recover, false);
    await client.getHistory({ session_id: first });
    assert.deepEqual(calls.get('getHistory'), { session_id: first });
  });

  it('generates the ids that the input lacks', async () => {
    const { calls, callables } = everyCall();
    const client = createClient(directTransport(callables));
    await client.createSession({ user_info: { company: 'Acme' } });
    assert.match(String(calls.get('createSession')?.session_id), uuidV4);
    assert.deepEqual(calls.get('createSession')?.user_info, { company: 'Acme' });
    await client.addMessage({ session_id: first, ...message });
    const made = String(calls.get('addMessage')?.message_id);
    assert.match(made, uuidV4);
    await client.addMessage({ session_id: first, ...message });
    assert.notEqual(calls.get('addMessage')?.message_id, made);
  });

  it('keeps the ids of the input', async () => {
    const { calls, callables } = everyCall();
    const client = createClient(directTransport(callables));
    await client.createSession({ session_id: first });
    assert.equal(calls.get('createSession')?.session_id, first);
    await client.addMessages({ session_id: first, messages: [{ ...message, message_id: first }, message] });
    const sent = Object(calls.get('addMessages')?.messages);
    assert.equal(sent[0].message_id, first);
    assert.match(sent[1].message_id, uuidV4);
  });

  it('follows a continued session with the same message', async () => {
    const chain = [1, 2, 3].map((n) => `0000000${n}-ce75-5665-a070-57453082c256`);
    const { calls, callable } = recording(({ session_id, message_id }) => {
      const next = chain[chain.indexOf(String(session_id)) + 1];
      if (next !== undefined) throw continued(next);
      return { session_id, message_id };
    });
    const client = createClient(directTransport({ addMessage: callable }));
    const answer = await client.addMessage({ session_id: first, ...message });
    assert.deepEqual(
      calls.map((call) => call.session_id),
      [first, ...chain],
    );
    assert.equal(answer.session_id, chain[2]);
    assert.equal(new Set(calls.map((call) => call.message_id)).size, 1);
  });

  it('stops after ten hops and gives the reason', async () => {
    const { calls, callable } = recording(({ session_id }) => {
      throw continued(String(session_id));
    });
    const client = createClient(directTransport({ getHistory: callable }));
    await assert.rejects(client.getHistory({ session_id: first }), {
      name: 'SessionsError',
      reason: 'continued',
    });
    assert.equal(calls.length, 11);
  });

  it('does not retry a call that failed for another reason', async () => {
    const { calls, callable } = recording(() => {
      throw new FakeHttpsError('failed-precondition', 'session has ended', {
        reason: 'ended',
        session_id: first,
      });
    });
    const client = createClient(directTransport({ getSession: callable }));
    await assert.rejects(client.getSession({ session_id: first }), { reason: 'ended' });
    assert.equal(calls.length, 1);
  });

  it('omits absent fields, which the SDK would send as null', async () => {
    const { calls, callables } = everyCall();
    await createClient(directTransport(callables)).getHistory({ session_id: first, before_seq: undefined });
    assert.deepEqual(calls.get('getHistory'), { session_id: first });
  });

  for (const [title, value] of [
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a function', () => 1],
    ['a date', new Date(0)],
    ['a bigint', 1n],
  ] as const)
    it(`refuses ${title}, which would change in transit, and names the field`, async () => {
      const { calls, callables } = everyCall();
      const client = createClient(directTransport(callables));
      await assert.rejects(
        client.addMessage({
          session_id: first,
          ...message,
          metadata: { topics: ['erf', value as unknown as string] },
        }),
        (error) =>
          error instanceof SessionsError &&
          error.code === 'invalid-argument' &&
          error.field === 'metadata.topics.1',
      );
      assert.equal(calls.size, 0);
    });
});

const continued = (session_id: string) =>
  new FakeHttpsError('failed-precondition', 'session is continued by another', {
    reason: 'continued',
    session_id,
  });
