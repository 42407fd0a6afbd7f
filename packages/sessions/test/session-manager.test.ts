import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Caller, SessionManager } from '../src/index.ts';
import { assertFails, assertNotFound } from '../src/testing/assert-fails.ts';
import { memoryHarness } from './support/memory-harness.ts';

const ann: Caller = { user_id: 'ann', trusted: false, email: 'ann@example.com', name: 'Ann' };
const agent: Caller = { user_id: 'agent', trusted: true, email: null, name: 'Agent' };
const recover = false;
const question = { role: 'user', content: 'what is an erf?' } as const;

const managed = async ({ ownersMayAnswer = false } = {}) => {
  const { store } = memoryHarness();
  const manager = new SessionManager({ store, ownersMayAnswer });
  const { session_id } = await manager.createSession(ann, {});
  const history = () => manager.getHistory(ann, { session_id, limit: 50, full: true });
  return { manager, session_id, history };
};

/** What only trusted callers may write. */
const trustedOnly = [
  ['role', { ...question, role: 'assistant' }],
  ['metadata.confidence', { ...question, metadata: { confidence: 0 } }],
  ['metadata.escalated', { ...question, metadata: { escalated: false } }],
] as const;

describe('SessionManager', () => {
  for (const [field, message] of trustedOnly) {
    it(`refuses ${field} from an owner in addMessage() and stores nothing`, async () => {
      const { manager, session_id, history } = await managed();
      const denied = (work: Promise<unknown>) => assertFails(work, 'permission-denied', { field });
      await denied(manager.addMessage(ann, { session_id, recover, ...message }));
      await denied(manager.addMessages(ann, { session_id, recover, messages: [question, message] }));
      assert.deepEqual((await history()).messages, []);
    });

    it(`accepts ${field} in addMessage() from a trusted caller, and from owners in the demo mode`, async () => {
      const { manager, session_id } = await managed();
      const input = { session_id, recover, ...message };
      assert.equal((await manager.addMessage(agent, { ...input, user_id: 'ann' })).seq, 1);
      const open = await managed({ ownersMayAnswer: true });
      assert.equal((await open.manager.addMessage(ann, { ...input, session_id: open.session_id })).seq, 1);
    });
  }

  it('opens no session for the agent that answers without naming an owner', async () => {
    const { manager } = await managed();
    const input = { session_id: randomUUID(), recover: true };
    const answer = { ...input, role: 'assistant', content: 'a plot' } as const;
    await assertNotFound(manager.addMessage(agent, answer));
    assert.deepEqual((await manager.listSessions(agent, { limit: 5 })).sessions, []);
    assert.equal((await manager.addMessage(agent, { ...answer, user_id: 'ann' })).recovered, true);
    assert.equal((await manager.addMessage(agent, { ...input, ...question })).recovered, true);
  });

  it('refuses a user_id from an owner in every call, even its own', async () => {
    const { manager, session_id } = await managed({ ownersMayAnswer: true });
    const named = { session_id, recover, user_id: 'ann' };
    const calls = [
      () => manager.getSession(ann, named),
      () => manager.addMessage(ann, { ...named, ...question }),
      () => manager.addMessages(ann, { ...named, messages: [question] }),
      () => manager.getHistory(ann, { ...named, limit: 5, full: false }),
      () => manager.escalateSession(ann, named),
    ];
    for (const call of calls) await assertFails(call(), 'permission-denied', { field: 'user_id' });
  });

  it('gives a trusted caller access only to the session of the named owner', async () => {
    const { manager, session_id } = await managed();
    const input = { session_id, recover, user_id: 'ann' };
    assert.equal((await manager.getSession(agent, input)).session.user_id, 'ann');
    assert.equal((await manager.escalateSession(agent, input)).status, 'escalated');
    await assertNotFound(manager.getSession(agent, { session_id, recover }));
    await assertNotFound(manager.getSession(agent, { ...input, user_id: 'bob' }));
  });

  it('stores nothing of the agent in a session that it recovers for an owner', async () => {
    const { manager } = await managed();
    const input = { session_id: randomUUID(), recover: true, user_id: 'ann' };
    const { session } = await manager.getSession(agent, input);
    assert.deepEqual([session.user_id, session.user_name, session.user_email], ['ann', null, null]);
  });

  it('reads e-mail and name from the token in createSession()', async () => {
    const { manager } = await managed();
    const user_info = { user_name: 'Mallory', company: 'Acme' };
    const { session_id } = await manager.createSession(ann, { user_info });
    const { session } = await manager.getSession(ann, { session_id, recover });
    assert.deepEqual(
      [session.user_email, session.user_name, session.company],
      ['ann@example.com', 'Ann', 'Acme'],
    );
  });

  it('stores metadata in its JSON form, so that a repetition with -0 is equal', async () => {
    const { manager, session_id, history } = await managed();
    const input = {
      session_id,
      recover,
      ...question,
      message_id: randomUUID(),
      metadata: { x: -0, deep: [-0] },
    };
    const first = await manager.addMessage(ann, input);
    const [stored] = (await history()).messages;
    assert.deepEqual(stored?.metadata, { x: 0, deep: [0] });
    assert.deepEqual(await manager.addMessage(ann, { ...input, metadata: { deep: [0], x: 0 } }), first);
  });

  it('gives each message without an id its own id', async () => {
    const { manager, session_id } = await managed();
    const { messages } = await manager.addMessages(ann, {
      session_id,
      recover,
      messages: [question, question],
    });
    assert.equal(new Set(messages.map(({ message_id }) => message_id)).size, 2);
  });
});
