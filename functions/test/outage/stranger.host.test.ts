import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { SignedInUser } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { cutFirestore } from './cut-firestore.ts';
import { FAST_OUTAGE_PARAMS } from './fast-outage-params.ts';

const SECRET = 'for the owner alone';

describe("a stranger in an outage, on a host that has another user's session in its cache,", () => {
  let hosted: Hosted;
  let owner: SignedInUser;
  let stranger: SignedInUser;
  let session_id: string;
  let another: string;
  before(async () => {
    hosted = await startHosted({ params: FAST_OUTAGE_PARAMS });
    owner = await hosted.signIn();
    stranger = await hosted.signIn();
    session_id = (await hosted.call(owner, 'createSession', {})).session_id;
    await hosted.call(owner, 'addMessage', { session_id, role: 'user', content: SECRET });
    another = (await hosted.call(owner, 'createSession', {})).session_id;
    cutFirestore(hosted);
  });
  after(() => hosted?.stop());

  it('gets the answer for a missing session', async () => {
    const { messages } = await hosted.call(owner, 'getHistory', { session_id });
    assert.deepEqual(
      messages.map(({ content }) => content),
      [SECRET],
    );
    for (const [name, options] of [
      ['getHistory', {}],
      ['getHistory', { before_seq: 2 }],
      ['getSession', { recover: false }],
      ['getSession', { recover: true }],
    ] as const) {
      const foreign = await hosted.refused(stranger, name, { session_id, ...options });
      const missing = await hosted.refused(stranger, name, { session_id: randomUUID(), ...options });
      assert.equal(foreign.error.status, 'UNAVAILABLE');
      assert.equal(foreign.text, missing.text);
    }
  });

  it('neither sees the messages of the session nor adds to them by writing', async () => {
    const sent = await hosted.call(stranger, 'addMessage', {
      session_id,
      role: 'user',
      content: 'an attempt',
      context_limit: 20,
      recover: true,
    });
    assert.deepEqual(
      [sent.durability, sent.context?.map(({ content }) => content)],
      ['volatile', ['an attempt']],
    );
    for (const [by, content] of [
      [owner, SECRET],
      [stranger, 'an attempt'],
    ] as const) {
      const { messages } = await hosted.call(by, 'getHistory', { session_id });
      assert.deepEqual(
        messages.map((message) => message.content),
        [content],
      );
    }
    const { session } = await hosted.call(owner, 'getSession', { session_id });
    assert.deepEqual([session.user_id, session.message_seq], [owner.uid, 1]);
  });

  it('learns after the outage that the id of its new session is taken', async () => {
    const { durability } = await hosted.call(stranger, 'createSession', { session_id: another });
    assert.equal(durability, 'volatile', 'only Firestore knows that it is taken');
    const { session } = await hosted.call(owner, 'getSession', { session_id: another });
    assert.equal(session.user_id, owner.uid);
    const own = await hosted.call(stranger, 'getSession', { session_id: another });
    assert.equal(own.session.user_id, stranger.uid);

    hosted.proxy.faults.clear();
    const again = { session_id: another, replay: true };
    await eventually(
      () => hosted.call(stranger, 'createSession', again).catch(() => null),
      (answer) => answer === null,
    );
    assert.equal((await hosted.refused(stranger, 'createSession', again)).error.status, 'NOT_FOUND');
    assert.equal(
      (await hosted.refused(stranger, 'getSession', { session_id: another })).error.status,
      'NOT_FOUND',
    );
    assert.equal(
      (await hosted.call(owner, 'getSession', { session_id: another })).session.user_id,
      owner.uid,
    );
  });
});
