import assert from 'node:assert/strict';
import { isSessionsError, type Settlement } from 'kb-sessions-client';
import type { SignedInUser } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { connectClient, type Tab, type User } from './connect-client.ts';
import { cutFirestore } from './cut-firestore.ts';
import { FAST_OUTAGE_PARAMS } from './fast-outage-params.ts';
import { noticesOf } from './notices.ts';
import { type Records, recordsOf } from './records.ts';

const says = (content: string) => ({ role: 'user' as const, content });

describe('a message that is accepted in an outage and refused by the replay', () => {
  let hosted: Hosted;
  let records: Records;
  let owner: SignedInUser;
  let stranger: User;
  let tab: Tab;
  let session_id: string;
  before(async () => {
    hosted = await startHosted({ params: { ...FAST_OUTAGE_PARAMS, JOURNAL_PATIENCE_SECONDS: '1' } });
    records = recordsOf(hosted);
    owner = await hosted.signIn();
    stranger = await connectClient(hosted);
    tab = stranger.openTab();
    session_id = (await hosted.call(owner, 'createSession', {})).session_id;
  });
  after(async () => {
    await stranger?.leave();
    await records?.close();
    await hosted?.stop();
  });

  it("is reported to its sender, and the owner's messages to that session are stored", async () => {
    const outage = cutFirestore(hosted);
    const attempt = { session_id, recover: false, message_id: crypto.randomUUID(), ...says('an attempt') };
    const sent = await tab.sessions.addMessage(attempt);
    assert.equal(sent.durability, 'volatile');
    await hosted.call(owner, 'addMessage', { session_id, ...says('message 1') });
    outage.remove();
    await eventually(
      () => tab.sessions.flush(),
      (left) => left === 0,
    );
    const refusals = (settled: readonly Settlement[]) =>
      settled.map((one) => one.outcome === 'refused' && [one.call?.input.session_id, one.error.code]);
    assert.deepEqual(refusals(tab.settled), [[session_id, 'not-found']]);
    const admin = await hosted.signIn({ admin: true });
    const { fallback } = await eventually(
      async () => {
        await hosted.call(owner, 'getSession', { session_id });
        return hosted.call(admin, 'getMetrics', {});
      },
      (now) => now.fallback.journal_entries === 0,
    );
    assert.deepEqual([fallback.accepted, fallback.replayed, fallback.refused], [2, 1, 1]);
    await records.assertHolds(session_id, ['message 1']);
    const refused = await noticesOf(hosted, ({ message }) => message === 'fallback.refused');
    assert.deepEqual(
      refused.map(({ reason }) => reason),
      ['not-found'],
    );

    const again = cutFirestore(hosted);
    const error = await tab.sessions
      .addMessage({ ...attempt, replay: true })
      .catch((reason: unknown) => reason);
    again.remove();
    assert.ok(isSessionsError(error));
    assert.deepEqual([error.code, error.reason], ['failed-precondition', 'refused']);
  });

  it('does not change the stored message with the same id', async () => {
    const own = (await tab.sessions.createSession()).session_id;
    const { message_id } = await tab.sessions.addMessage({ session_id: own, ...says('original') });
    const told = tab.settled.length;
    const outage = cutFirestore(hosted);
    const sent = await tab.sessions.addMessage({ session_id: own, message_id, ...says('another') });
    assert.equal(sent.durability, 'volatile');
    await tab.sessions.addMessage({ session_id: own, ...says('message 2') });
    outage.remove();
    await eventually(
      () => tab.sessions.flush(),
      (left) => left === 0,
    );
    assert.deepEqual(
      tab.settled.slice(told).map((one) => (one.outcome === 'refused' ? one.error.code : one.outcome)),
      ['already-exists', 'durable'],
    );
    await records.assertHolds(own, ['original', 'message 2']);
    const refused = await noticesOf(hosted, ({ message }) => message === 'fallback.refused', 2);
    assert.equal(refused.at(-1)?.reason, 'invalid');
  });
});
