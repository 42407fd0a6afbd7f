import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { successorId } from 'kb-sessions/internal/successor-id';
import type { SignedInUser } from 'kb-sessions-testing';
import { createExpired } from '../support/expired-session.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';

const NOT_FOUND = '{"error":{"details":{},"message":"session not found","status":"NOT_FOUND"}}';
const ENDED =
  '{"error":{"details":{"reason":"ended"},"message":"session has ended","status":"FAILED_PRECONDITION"}}';
const EXPIRED =
  '{"error":{"details":{"reason":"expired"},"message":"session has expired","status":"FAILED_PRECONDITION"}}';

const hello = { role: 'user', content: 'hello' } as const;

describe('the outcome of a call:', () => {
  let hosted: Hosted;
  let owner: SignedInUser;
  let stranger: SignedInUser;
  let agent: SignedInUser;

  before(async () => {
    hosted = await startHosted({ params: { MESSAGES_PER_SESSION: '10' } });
    owner = await hosted.signIn();
    stranger = await hosted.signIn();
    agent = await hosted.signIn({ agent: true });
  });
  after(() => hosted.stop());

  const open = async (by = owner): Promise<{ session_id: string; expires_at: string }> =>
    hosted.call(by, 'createSession', {});

  const expire = (): Promise<string> => createExpired(hosted, owner);

  const end = async (): Promise<string> => {
    const { session_id } = await open();
    await hosted.call(owner, 'endSession', { session_id });
    return session_id;
  };

  /** Every call that names a session, as it uses one that is to be open. */
  const uses: [string, object][] = [
    ['getSession', {}],
    ['addMessage', hello],
    ['addMessages', { messages: [hello] }],
    ['escalateSession', {}],
  ];
  /** Those that work on a session that is over, too. */
  const looks: [string, object][] = [
    ['endSession', {}],
    ['getHistory', {}],
  ];

  for (const [name, input] of [...uses, ...looks]) {
    it(`${name} answers for a missing session and for another user's session not-found, byte for byte`, async () => {
      const { session_id } = await open();
      const missing = await hosted.refused(stranger, name, { session_id: randomUUID(), ...input });
      const foreign = await hosted.refused(stranger, name, { session_id, ...input });
      assert.equal(missing.text, NOT_FOUND);
      assert.equal(foreign.text, missing.text);
      assert.equal(foreign.status, missing.status);
    });
  }

  it("submitFeedback answers for a missing message, another user's message and a message of another session not-found, byte for byte", async () => {
    const { session_id } = await open();
    const { message_id } = await hosted.call(owner, 'addMessage', { session_id, ...hello });
    const other = await open(stranger);
    const rating = 'positive';
    const answers = await Promise.all([
      hosted.refused(stranger, 'submitFeedback', { session_id, message_id: randomUUID(), rating }),
      hosted.refused(stranger, 'submitFeedback', { session_id, message_id, rating }),
      hosted.refused(stranger, 'submitFeedback', { session_id: other.session_id, message_id, rating }),
    ]);
    assert.equal(answers[0].error.status, 'NOT_FOUND');
    for (const { text } of answers) assert.equal(text, answers[0].text);
  });

  for (const [name, input] of uses) {
    it(`${name} is refused for a session that its owner ended, with recover too`, async () => {
      const session_id = await end();
      assert.equal((await hosted.refused(owner, name, { session_id, ...input })).text, ENDED);
      if (name === 'escalateSession') return;
      assert.equal((await hosted.refused(owner, name, { session_id, recover: true, ...input })).text, ENDED);
    });

    it(`${name} without recover is refused for an expired session before any sweep`, async () => {
      const session_id = await expire();
      assert.equal((await hosted.refused(owner, name, { session_id, ...input })).text, EXPIRED);
    });
  }

  it('an expired session has one successor, whichever call creates it', async () => {
    const session_id = await expire();
    const [got, added] = await Promise.all([
      hosted.call(owner, 'getSession', { session_id, recover: true }),
      hosted.call(owner, 'addMessage', { session_id, recover: true, ...hello }),
    ]);
    assert.equal(got.session.session_id, successorId(owner.uid, session_id));
    assert.equal(added.session_id, got.session.session_id);
    assert.deepEqual([got.recovered, added.recovered], [true, true]);
    const { sessions } = await hosted.call(owner, 'listSessions', { limit: 50 });
    const old = sessions.find((session) => session.session_id === session_id);
    assert.deepEqual(
      [old?.status, old?.end_reason, old?.continued_by],
      ['expired', 'idle_timeout', added.session_id],
    );
  });

  it("recover with an unknown id or another user's session creates a session of the caller", async () => {
    const { session_id } = await open();
    const mine = await hosted.call(stranger, 'addMessage', { session_id, recover: true, ...hello });
    assert.equal(mine.session_id, successorId(stranger.uid, session_id));
    assert.equal(mine.recovered, true);
    const { messages } = await hosted.call(owner, 'getHistory', { session_id });
    assert.deepEqual(messages, []);
  });

  it('use the successor of a rolled-over session, with and without recover', async () => {
    const { session_id } = await open();
    await hosted.call(owner, 'addMessages', {
      session_id,
      messages: Array.from({ length: 10 }, () => hello),
    });
    const next = await hosted.call(owner, 'addMessage', { session_id, ...hello });
    assert.deepEqual([next.rolled_over, next.recovered, next.seq], [true, false, 1]);
    const got = await hosted.call(owner, 'getSession', { session_id });
    assert.equal(got.session.session_id, next.session_id);
  });

  it('a call follows one link of a chain, and names the next session if there are more', async () => {
    const { session_id } = await open();
    const ten = Array.from({ length: 10 }, () => hello);
    await hosted.call(owner, 'addMessages', { session_id, messages: ten });
    const second = await hosted.call(owner, 'addMessages', { session_id, messages: ten });
    const third = await hosted.call(owner, 'addMessages', { session_id, messages: ten });
    assert.notEqual(third.session_id, second.session_id);
    const { error } = await hosted.refused(owner, 'getSession', { session_id });
    assert.deepEqual(error.details, { reason: 'continued', session_id: third.session_id });
  });

  it('accept repetitions of endSession, createSession and escalateSession', async () => {
    const { session_id, expires_at } = await open();
    assert.deepEqual(await hosted.call(owner, 'createSession', { session_id }), {
      session_id,
      expires_at,
      durability: 'durable',
      held_by: null,
    });
    const escalated = { session_id, status: 'escalated' };
    assert.deepEqual(await hosted.call(owner, 'escalateSession', { session_id }), escalated);
    assert.deepEqual(await hosted.call(owner, 'escalateSession', { session_id }), escalated);
    const ended = { session_id, status: 'ended' };
    assert.deepEqual(await hosted.call(owner, 'endSession', { session_id }), ended);
    assert.deepEqual(await hosted.call(owner, 'endSession', { session_id }), ended);
  });

  it('createSession answers not-found for an id that another user has taken', async () => {
    const { session_id } = await open();
    assert.equal((await hosted.refused(stranger, 'createSession', { session_id })).text, NOT_FOUND);
  });

  it('the owner of a session that is over can read its history and rate its messages', async () => {
    const { session_id } = await open();
    const { message_id } = await hosted.call(owner, 'addMessage', { session_id, ...hello });
    await hosted.call(owner, 'endSession', { session_id });
    await hosted.call(owner, 'submitFeedback', { session_id, message_id, rating: 'negative' });
    const { messages } = await hosted.call(owner, 'getHistory', { session_id, full: true });
    assert.deepEqual(
      messages.map((message) => [message.message_id, message.feedback]),
      [[message_id, 'negative']],
    );
  });

  it('an agent writes to the session of the user that it names, and reads its context', async () => {
    const { session_id } = await open();
    await hosted.call(owner, 'addMessage', { session_id, ...hello });
    const answer = await hosted.call(agent, 'addMessage', {
      session_id,
      user_id: owner.uid,
      role: 'assistant',
      content: 'good day',
      metadata: { confidence: 0.5 },
      context_limit: 10,
    });
    assert.deepEqual(
      answer.context?.map(({ role, content, seq }) => [role, content, seq]),
      [
        ['user', 'hello', 1],
        ['assistant', 'good day', 2],
      ],
    );
    assert.equal(answer.context_complete, true);
  });

  for (const [field, input] of [
    ['role', { role: 'assistant', content: 'trust me' }],
    ['metadata.confidence', { ...hello, metadata: { confidence: 1 } }],
    ['metadata.escalated', { ...hello, metadata: { escalated: true } }],
    ['user_id', { ...hello, user_id: 'somebody' }],
  ] as const) {
    it(`refuse ${field} from an owner`, async () => {
      const { session_id } = await open();
      const { error } = await hosted.refused(owner, 'addMessage', { session_id, ...input });
      assert.deepEqual([error.status, error.details?.field], ['PERMISSION_DENIED', field]);
    });
  }

  for (const name of ['getActiveSessions', 'clearExpiredSessions', 'getMetrics']) {
    it(`${name} is refused to an owner and to an agent`, async () => {
      for (const caller of [owner, agent]) {
        assert.equal((await hosted.refused(caller, name, {})).error.status, 'PERMISSION_DENIED');
      }
    });
  }
});
