import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type CallInput, type CallName, contract } from 'kb-sessions-contract';
import { type Caller, SessionManager } from '../src/index.ts';
import { memoryHarness } from './support/memory-harness.ts';

const ann: Caller = { user_id: 'ann', trusted: false, email: 'ann@example.com', name: 'Ann' };
const agent: Caller = { user_id: 'agent', trusted: true, email: null, name: 'Agent' };
const question = { role: 'user', content: 'what is an erf?' } as const;
const answer = { role: 'assistant', content: 'a plot', metadata: { confidence: 0.9 } } as const;

/** The calls of a manager as they are deployed: their input parsed by the contract, and their answer checked by it. */
const deployed = () => {
  const manager = new SessionManager({ store: memoryHarness().store, ownersMayAnswer: false });
  const checked = async <Output>(name: CallName, output: Promise<Output>): Promise<Output> => {
    const result = await output;
    assert.deepEqual(contract[name].output.parse(result), result);
    return result;
  };
  return {
    createSession: (caller: Caller, input: CallInput<'createSession'>) =>
      checked('createSession', manager.createSession(caller, contract.createSession.input.parse(input))),
    getSession: (caller: Caller, input: CallInput<'getSession'>) =>
      checked('getSession', manager.getSession(caller, contract.getSession.input.parse(input))),
    addMessage: (caller: Caller, input: CallInput<'addMessage'>) =>
      checked('addMessage', manager.addMessage(caller, contract.addMessage.input.parse(input))),
    addMessages: (caller: Caller, input: CallInput<'addMessages'>) =>
      checked('addMessages', manager.addMessages(caller, contract.addMessages.input.parse(input))),
    getHistory: (caller: Caller, input: CallInput<'getHistory'>) =>
      checked('getHistory', manager.getHistory(caller, contract.getHistory.input.parse(input))),
    listSessions: (caller: Caller, input: CallInput<'listSessions'>) =>
      checked('listSessions', manager.listSessions(caller, contract.listSessions.input.parse(input))),
    endSession: (caller: Caller, input: CallInput<'endSession'>) =>
      checked('endSession', manager.endSession(caller, contract.endSession.input.parse(input))),
    submitFeedback: (caller: Caller, input: CallInput<'submitFeedback'>) =>
      checked('submitFeedback', manager.submitFeedback(caller, contract.submitFeedback.input.parse(input))),
    escalateSession: (caller: Caller, input: CallInput<'escalateSession'>) =>
      checked(
        'escalateSession',
        manager.escalateSession(caller, contract.escalateSession.input.parse(input)),
      ),
  };
};

describe('SessionManager', () => {
  it('answers every call of a conversation as the contract specifies', async () => {
    const calls = deployed();
    const { session_id } = await calls.createSession(ann, {
      user_info: { company: 'Acme', user_type: null },
    });
    const { message_id } = await calls.addMessage(ann, { session_id, ...question, context_limit: 5 });
    await calls.addMessages(agent, { session_id, user_id: 'ann', messages: [question, answer] });
    await calls.submitFeedback(ann, { session_id, message_id, rating: 'positive', comment: 'thanks' });
    await calls.escalateSession(ann, { session_id, reason: 'needs a human' });
    for (const full of [false, true]) await calls.getHistory(ann, { session_id, limit: 2, full });
    const { session } = await calls.getSession(ann, { session_id });
    assert.deepEqual(
      [session.message_count, session.total_queries, session.avg_confidence, session.feedback_positive],
      [3, 2, 0.9, 1],
    );
    await calls.endSession(ann, { session_id });
    const { sessions } = await calls.listSessions(ann, { limit: 1 });
    assert.equal(sessions[0]?.end_reason, 'user');
  });

  it('answers as the contract specifies after a roll-over and a recovery', async () => {
    const calls = deployed();
    const { session_id } = await calls.createSession(ann, {});
    const input = { session_id, messages: Array(8).fill(question), context_limit: 50 };
    await calls.addMessages(ann, input);
    const rolled = await calls.addMessages(ann, input);
    assert.deepEqual([rolled.rolled_over, rolled.context_complete], [true, false]);
    const { recovered } = await calls.getSession(ann, { session_id: randomUUID(), recover: true });
    assert.equal(recovered, true);
  });
});
