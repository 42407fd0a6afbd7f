import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { callHost, type SignedInUser } from 'kb-sessions-testing';
import { type Hosted, startHosted } from '../support/hosted.ts';

const LIMIT = 10;

describe('the limit on open sessions, over two instances,', () => {
  let hosted: Hosted;
  let owner: SignedInUser;

  before(async () => {
    hosted = await startHosted({ hosts: 2, params: { OPEN_SESSIONS_PER_USER: String(LIMIT) } });
  });
  beforeEach(async () => {
    owner = await hosted.signIn();
  });
  after(() => hosted.stop());

  const create = async (index: number, session_id: string = randomUUID()) => {
    const host = hosted.hosts[index % hosted.hosts.length];
    assert.ok(host);
    const { status, body } = await callHost(host, 'createSession', { session_id }, owner.idToken);
    return { session_id, status, body };
  };

  const refusal = {
    error: {
      status: 'RESOURCE_EXHAUSTED',
      message: 'too many open sessions, end one first',
      details: { reason: 'open_sessions' },
    },
  };

  it('is exact for one call after the other, and answers the repeated creation of the last session', async () => {
    const opened: string[] = [];
    for (let index = 0; index < LIMIT; index += 1) {
      const { session_id, status } = await create(index);
      assert.equal(status, 200);
      opened.push(session_id);
    }
    assert.deepEqual((await create(0)).body, refusal);
    for (const session_id of opened) assert.equal((await create(1, session_id)).status, 200);
    const [first = ''] = opened;
    await hosted.call(owner, 'endSession', { session_id: first });
    assert.equal((await create(1)).status, 200);
    assert.deepEqual((await create(0)).body, refusal);
  });

  it('is approximate for 50 calls at once: some more may succeed, and none after them', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => create(index)));
    const accepted = answers.filter(({ status }) => status === 200);
    for (const { status, body } of answers) if (status !== 200) assert.deepEqual(body, refusal);
    assert.ok(accepted.length >= LIMIT, `${accepted.length} accepted`);
    console.log(`      ${accepted.length} of 50 creations at once were accepted with a limit of ${LIMIT}`);
    assert.deepEqual((await create(0)).body, refusal);
    const page = await hosted.call(owner, 'listSessions', { limit: 50, status: 'active' });
    assert.equal(page.sessions.length, accepted.length);
  });
});
