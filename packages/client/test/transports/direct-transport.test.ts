import assert from 'node:assert/strict';
import { createClient, type DirectAuth, directTransport, isSessionsError } from '../../src/index.ts';
import { FakeHttpsError, recording } from '../support.ts';

const id = 'a24a6ea4-ce75-4665-a070-57453082c256';

const failure = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert(isSessionsError(error), `expected a SessionsError, found ${String(error)}`);
  return error;
};

describe('directTransport()', () => {
  it('passes the caller to the callable, or none', async () => {
    const seen: (DirectAuth | undefined)[] = [];
    const callables = {
      getMetrics: { run: (request: { auth?: DirectAuth }) => void seen.push(request.auth) },
    };
    const admin = { uid: 'u1', token: { admin: true } };
    await createClient(directTransport(callables, admin)).getMetrics();
    await createClient(directTransport(callables)).getMetrics();
    assert.deepEqual(seen, [admin, undefined]);
  });

  it('gives each side a separate copy, as JSON', async () => {
    const stored = { session_id: id, at: new Date(0), absent: undefined };
    const { calls, callable } = recording(() => stored);
    const metadata = { topics: ['erf'] };
    const client = createClient(directTransport({ addMessage: callable }));
    const answer = await client.addMessage({ session_id: id, role: 'user', content: 'erf?', metadata });
    assert.deepEqual(answer, { session_id: id, at: '1970-01-01T00:00:00.000Z' });
    metadata.topics.push('later');
    assert.deepEqual(calls[0]?.metadata, { topics: ['erf'] });
  });

  it('maps code, text and contract details of an HttpsError', async () => {
    const thrown = new FakeHttpsError('invalid-argument', 'limit must be at most 50', {
      field: 'limit',
      other: 1,
    });
    const { callable } = recording(() => {
      throw thrown;
    });
    const error = await failure(
      createClient(directTransport({ getSession: callable })).getSession({ session_id: id }),
    );
    assert.equal(error.code, 'invalid-argument');
    assert.equal(error.message, 'limit must be at most 50');
    assert.equal(error.field, 'limit');
    assert.equal(error.reason, null);
    assert.equal(error.session_id, null);
    assert.equal(error.cause, thrown);
  });

  it('ignores details that are not in the contract', async () => {
    const { callable } = recording(() => {
      throw new FakeHttpsError('failed-precondition', 'no', { reason: 'toString', field: 7, session_id: {} });
    });
    const error = await failure(
      createClient(directTransport({ getSession: callable })).getSession({ session_id: id }),
    );
    assert.deepEqual([error.reason, error.field, error.session_id], [null, null, null]);
  });

  it('reports the reason of a refusal and the time of the next attempt', async () => {
    const failing = (details: unknown) => {
      const { callable } = recording(() => {
        throw new FakeHttpsError('resource-exhausted', 'no', details);
      });
      return failure(createClient(directTransport({ endMySessions: callable })).endMySessions());
    };
    const told = async (details: unknown) => {
      const { reason, because, retry_after_ms } = await failing(details);
      return { reason, because, retry_after_ms };
    };
    for (const details of [
      { reason: 'rate', because: null, retry_after_ms: 1500 },
      { reason: 'open_sessions', because: null, retry_after_ms: null },
      { reason: 'revoked', because: null, retry_after_ms: null },
      { reason: 'refused', because: 'erased', retry_after_ms: null },
      { reason: 'refused', because: 'not-found', retry_after_ms: null },
    ])
      assert.deepEqual(await told(details), details);
    const none = { reason: null, because: null, retry_after_ms: null };
    assert.deepEqual(await told({ reason: 'why', because: 'valueOf', retry_after_ms: '1' }), none);
    assert.deepEqual(await told(null), none);
  });

  for (const [title, thrown] of [
    ['an error of its own', new Error('user@example.com is broken')],
    ["an error with a system's code", Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ["an error with gRPC's code", Object.assign(new Error('14 UNAVAILABLE'), { code: 14 })],
    ['a value that is not an error', { code: 'not-found', message: 'hm' }],
  ] as const)
    it(`reports ${title} as internal, without its text`, async () => {
      const { callable } = recording(() => {
        throw thrown;
      });
      const error = await failure(createClient(directTransport({ getMetrics: callable })).getMetrics());
      assert.equal(error.code, 'internal');
      assert.equal(error.message, 'INTERNAL');
      assert.equal(error.cause, thrown);
    });

  it('reports an unknown callable as unimplemented', async () => {
    const error = await failure(createClient(directTransport({})).getMetrics());
    assert.equal(error.code, 'unimplemented');
  });
});
