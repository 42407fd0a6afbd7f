import assert from 'node:assert/strict';
import type { SignedInUser } from 'kb-sessions-testing';
import { type Hosted, startHosted } from '../support/hosted.ts';

const says = (content: string) => ({ role: 'user' as const, content });

/** A commit that is applied while its sender is told otherwise; after UNAVAILABLE the SDK itself sends it again. */
const CODES = ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL', 'UNKNOWN', 'CANCELLED'] as const;

describe('a commit that is applied and answered with an error', () => {
  let hosted: Hosted;
  let owner: SignedInUser;
  before(async () => {
    hosted = await startHosted({ params: { MESSAGES_PER_SESSION: '10' } });
    owner = await hosted.signIn();
  });
  after(() => hosted.stop());
  afterEach(() => hosted.proxy.faults.clear());

  for (const code of CODES) {
    const lie = () =>
      hosted.proxy.faults.add({
        methods: ['Commit'],
        when: 'after',
        effect: { kind: 'code', code },
        times: 1,
      });

    it(`makes addMessage succeed with its number and its context, after ${code}`, async () => {
      const { session_id } = await hosted.call(owner, 'createSession', {});
      await hosted.call(owner, 'addMessage', { session_id, ...says('first') });
      const fault = lie();
      const answer = await hosted.call(owner, 'addMessage', {
        session_id,
        ...says('second'),
        context_limit: 5,
      });
      assert.equal(fault.hits(), 1);
      assert.deepEqual([answer.session_id, answer.seq], [session_id, 2]);
      assert.deepEqual(
        answer.context?.map(({ content }) => content),
        ['first', 'second'],
      );
      const { messages } = await hosted.call(owner, 'getHistory', { session_id });
      assert.equal(messages.length, 2);
    });

    it(`makes a roll-over succeed, after ${code}`, async () => {
      const { session_id } = await hosted.call(owner, 'createSession', {});
      const messages = Array.from({ length: 10 }, (_, index) => says(`message ${index}`));
      await hosted.call(owner, 'addMessages', { session_id, messages });
      lie();
      const { rolled_over, recovered, seq } = await hosted.call(owner, 'addMessage', {
        session_id,
        ...says('the 11th'),
      });
      assert.deepEqual([rolled_over, recovered, seq], [true, false, 1]);
    });

    it(`ends, escalates, rates and creates once, after ${code}`, async () => {
      lie();
      const { session_id } = await hosted.call(owner, 'createSession', {});
      const { message_id } = await hosted.call(owner, 'addMessage', { session_id, ...says('hello') });
      lie();
      await hosted.call(owner, 'submitFeedback', { session_id, message_id, rating: 'positive' });
      lie();
      await hosted.call(owner, 'escalateSession', { session_id });
      lie();
      assert.equal((await hosted.call(owner, 'endSession', { session_id })).status, 'ended');
      const { sessions } = await hosted.call(owner, 'listSessions', { limit: 1 });
      const [session] = sessions;
      assert.deepEqual(
        [session?.feedback_positive, session?.message_count, session?.escalations, session?.end_reason],
        [1, 1, 1, 'user'],
      );
    });
  }
});
