import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { successorId } from 'kb-sessions/internal/successor-id';
import type { AddedFault, SignedInUser } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { cutFirestore } from './cut-firestore.ts';
import { FAST_OUTAGE_PARAMS } from './fast-outage-params.ts';
import { noticesOf } from './notices.ts';
import { type Records, recordsOf } from './records.ts';

const says = (content: string) => ({ role: 'user' as const, content });
const SECRET = 'for the owner alone';

describe('a host that starts during an outage', () => {
  let healthy: Hosted;
  let cold: Hosted;
  let records: Records;
  let outage: AddedFault;
  let owner: SignedInUser;
  let stranger: SignedInUser;
  let session_id: string;
  before(async () => {
    healthy = await startHosted({ params: FAST_OUTAGE_PARAMS });
    records = recordsOf(healthy);
    owner = await healthy.signIn();
    stranger = await healthy.signIn();
    session_id = (await healthy.call(owner, 'createSession', {})).session_id;
    await healthy.call(owner, 'addMessage', { session_id, ...says(SECRET) });
    const params = { ...FAST_OUTAGE_PARAMS, JOURNAL_PATIENCE_SECONDS: '2' };
    cold = await startHosted({ params, database: healthy.database });
    outage = cutFirestore(cold);
  });
  after(async () => {
    await records?.close();
    await Promise.all([cold?.stop(), healthy?.stop()]);
  });

  it('answers that it cannot read in the same words, whether the session exists, is missing or belongs to another user', async () => {
    for (const name of ['getSession', 'getHistory']) {
      const own = await cold.refused(owner, name, { session_id });
      const foreign = await cold.refused(stranger, name, { session_id });
      const missing = await cold.refused(owner, name, { session_id: randomUUID() });
      assert.equal(own.error.status, 'UNAVAILABLE');
      assert.deepEqual([foreign.text, missing.text], [own.text, own.text]);
    }
    const { error } = await cold.refused(owner, 'getSession', { session_id, recover: true });
    assert.equal(error.status, 'UNAVAILABLE');
    assert.equal((await cold.refused(owner, 'listSessions', {})).error.status, 'UNAVAILABLE');
  });

  it('accepts messages from every caller, and shows them to their sender alone', async () => {
    const write = (by: SignedInUser, content: string, recover: boolean) =>
      cold.call(by, 'addMessage', { session_id, ...says(content), recover, context_limit: 20 });
    const acks = [
      await write(owner, 'message 2', true),
      await write(stranger, 'an attempt', true),
      await write(owner, 'message 3', false),
    ];
    assert.deepEqual(
      acks.map((ack) => [ack.session_id, ack.durability, ack.seq, ack.context_complete]),
      acks.map(() => [session_id, 'volatile', null, false]),
    );
    assert.deepEqual(
      acks.map(({ context }) => context?.map(({ content }) => content)),
      [['message 2'], ['an attempt'], ['message 2', 'message 3']],
    );
    for (const [by, contents] of [
      [owner, ['message 2', 'message 3']],
      [stranger, ['an attempt']],
    ] as const) {
      const { messages, complete } = await cold.call(by, 'getHistory', { session_id });
      assert.deepEqual(
        messages.map(({ seq, content }) => [seq, content]),
        contents.map((content) => [null, content]),
      );
      assert.equal(complete, false);
      assert.equal((await cold.refused(by, 'getSession', { session_id })).error.status, 'UNAVAILABLE');
    }
  });

  it("replays the owner's messages into the session after the outage, and a stranger's into a session of the stranger", async () => {
    const foreign = randomUUID();
    await cold.call(stranger, 'addMessage', { session_id: foreign, ...says('to nobody'), recover: false });
    const before = await records.session(session_id);
    outage.remove();
    const back = await eventually(
      () => cold.call(owner, 'getSession', { session_id }).catch(() => null),
      (got) => got?.durability === 'durable',
    );
    assert.equal(back?.session.message_seq, 3);
    const messages = await records.assertHolds(session_id, [SECRET, 'message 2', 'message 3']);
    assert.deepEqual(new Set(messages.map(({ user_id }) => user_id)), new Set([owner.uid]));

    const own = successorId(stranger.uid, session_id);
    const admin = await cold.signIn({ admin: true });
    const { fallback } = await eventually(
      async () => {
        // Between calls an instance has no CPU: somebody's calls have to help the stranger's messages along.
        await cold.call(owner, 'getSession', { session_id });
        return cold.call(admin, 'getMetrics', {});
      },
      (now) => now.fallback.journal_entries === 0,
    );
    assert.deepEqual(
      [fallback.journal_entries, fallback.accepted, fallback.replayed, fallback.refused],
      [0, 4, 3, 1],
    );
    await records.assertHolds(own, ['an attempt']);
    assert.equal((await records.session(own))?.user_id, stranger.uid);
    const refusals = await noticesOf(cold, ({ message }) => message === 'fallback.refused');
    assert.deepEqual(
      refusals.map(({ severity, reason }) => [severity, reason]),
      [['WARNING', 'not-found']],
    );
    assert.deepEqual(
      { ...before, message_seq: 0, recent: [], last_activity: '', expires_at: '', fallback: true },
      {
        ...(await records.session(session_id)),
        message_seq: 0,
        recent: [],
        last_activity: '',
        expires_at: '',
      },
    );
    assert.equal((await cold.refused(stranger, 'getHistory', { session_id })).error.status, 'NOT_FOUND');
    assert.equal(
      (await cold.refused(stranger, 'getHistory', { session_id: foreign })).error.status,
      'NOT_FOUND',
    );
    const written = JSON.stringify(await cold.call(stranger, 'getHistory', { session_id: own }));
    assert.equal(written.includes(SECRET), false);
  });
});
