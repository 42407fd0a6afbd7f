import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Caller, SessionManager } from '../src/index.ts';
import type { AppendOperation, CreateOperation, FeedbackOperation } from '../src/session-store.ts';
import { memoryHarness } from './support/memory-harness.ts';

const ann: Caller = { user_id: 'ann', trusted: false, email: null, name: null };
const agent: Caller = { user_id: 'agent', trusted: true, email: null, name: null };
const question = { role: 'user', content: 'what is an erf?' } as const;
const answer = { role: 'assistant', content: 'a plot' } as const;

/** A manager, and what it last asked of its store. */
const managed = async () => {
  const { store } = memoryHarness();
  const asked: { create?: CreateOperation; append?: AppendOperation; feedback?: FeedbackOperation } = {};
  const listening = Object.assign(Object.create(store), {
    create: (operation: CreateOperation) => {
      asked.create = operation;
      return store.create(operation);
    },
    append: (operation: AppendOperation) => {
      asked.append = operation;
      return store.append(operation);
    },
    feedback: (operation: FeedbackOperation) => {
      asked.feedback = operation;
      return store.feedback(operation);
    },
  });
  const manager = new SessionManager({ store: listening, ownersMayAnswer: false });
  const { session_id } = await manager.createSession(ann, {});
  return { manager, asked, session_id, input: { session_id, recover: true } };
};

describe('SessionManager, in its store operations,', () => {
  it('sets replay only when the caller reports an earlier acceptance', async () => {
    const { manager, asked, input } = await managed();
    assert.deepEqual([asked.create?.session_id, asked.create?.replay], [input.session_id, false]);
    const accepted = randomUUID();
    await manager.createSession(ann, { session_id: accepted, replay: true });
    assert.deepEqual([asked.create?.session_id, asked.create?.replay], [accepted, true]);
    await manager.addMessage(ann, { ...input, ...question });
    assert.equal(asked.append?.replay, false);
    await manager.addMessage(ann, { ...input, ...question, replay: true });
    assert.equal(asked.append?.replay, true);
  });

  it('sets recover for an agent that names the owner or stores no answer', async () => {
    const { manager, asked, input } = await managed();
    const recovers = async (
      caller: Caller,
      messages: (typeof question | typeof answer)[],
      user_id?: string,
    ) => {
      await manager.addMessages(caller, { ...input, user_id, messages }).catch(() => {});
      return asked.append?.recover;
    };
    assert.equal(await recovers(agent, [question, answer]), false);
    assert.equal(await recovers(agent, [answer]), false);
    assert.equal(await recovers(agent, [question]), true);
    assert.equal(await recovers(agent, [question, answer], 'ann'), true);
    assert.equal(await recovers(ann, [question]), true);
  });

  it('sets no context and no comment when the call has none', async () => {
    const { manager, asked, input, session_id } = await managed();
    const { message_id } = await manager.addMessage(ann, { ...input, ...question });
    assert.equal(asked.append?.context_limit, null);
    await manager.addMessage(ann, { ...input, ...question, context_limit: 3 });
    assert.equal(asked.append?.context_limit, 3);
    const rating = { session_id, message_id, rating: 'negative' } as const;
    await manager.submitFeedback(ann, rating);
    assert.deepEqual(asked.feedback, { ...rating, owner: 'ann', comment: null });
    await manager.submitFeedback(ann, { ...rating, comment: 'wrong' });
    assert.deepEqual(asked.feedback, { ...rating, owner: 'ann', comment: 'wrong' });
  });
});
