import assert from 'node:assert/strict';
import { successorId } from 'kb-sessions/internal/successor-id';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { connectClient, type Tab, type User } from './connect-client.ts';
import { cutFirestore } from './cut-firestore.ts';
import { FAST_OUTAGE_PARAMS } from './fast-outage-params.ts';
import { type Records, recordsOf } from './records.ts';

const says = (content: string) => ({ role: 'user' as const, content });

describe('two hosts, one of them in an outage,', () => {
  let healthy: Hosted;
  let cut: Hosted;
  let records: Records;
  let user: User;
  let tab: Tab;
  let other: Tab;
  let session_id: string;
  beforeEach(async () => {
    healthy = await startHosted({ params: FAST_OUTAGE_PARAMS });
    cut = await startHosted({ params: FAST_OUTAGE_PARAMS, database: healthy.database });
    records = recordsOf(healthy);
    user = await connectClient(cut);
    [tab, other] = [user.openTab(), user.openTab()];
    session_id = (await tab.sessions.createSession()).session_id;
    await tab.sessions.addMessage({ session_id, ...says('message 1') });
    cutFirestore(cut);
  });
  afterEach(async () => {
    await user?.leave();
    await records?.close();
    await Promise.all([cut?.stop(), healthy?.stop()]);
  });

  const bringsAll = async () => {
    const left = await eventually(
      () => tab.sessions.flush(),
      (pending) => pending === 0,
    );
    assert.equal(left, 0);
  };

  it('store each message once, although the client also sends pending messages to the other host', async () => {
    const far = await tab.sessions.addMessage({ session_id, ...says('message 2') });
    assert.equal(far.durability, 'volatile');
    assert.equal(await other.sessions.pending(), 1);

    user.moveTo(healthy);
    const near = await other.sessions.addMessage({ session_id, ...says('message 3') });
    assert.deepEqual([near.durability, near.seq], ['durable', 3]);
    assert.deepEqual(
      other.settled.map((settled) => settled.outcome === 'durable' && settled.messages),
      [[{ message_id: far.message_id, seq: 2 }]],
    );
    await records.assertHolds(session_id, ['message 1', 'message 2', 'message 3']);

    user.moveTo(cut);
    const again = await tab.sessions.addMessage({ session_id, ...says('message 4') });
    assert.equal(again.durability, 'volatile');
    cut.proxy.faults.clear();
    await bringsAll();
    await tab.sessions.addMessage({ session_id, ...says('message 5') });
    await records.assertHolds(
      session_id,
      [1, 2, 3, 4, 5].map((number) => `message ${number}`),
    );
  });

  it('store a pending message in the successor if the session was ended meanwhile', async () => {
    const far = await tab.sessions.addMessage({ session_id, ...says('message 2') });
    assert.equal(far.durability, 'volatile');
    user.moveTo(healthy);
    const { status } = await user.openBrowser().sessions.endSession({ session_id });
    assert.equal(status, 'ended');
    user.moveTo(cut);
    const ended = await records.session(session_id);

    cut.proxy.faults.clear();
    await bringsAll();
    const successor = successorId(user.uid, session_id);
    assert.deepEqual(
      tab.settled.map((settled) => settled.outcome === 'durable' && [settled.session_id, settled.recovered]),
      [[successor, true]],
    );
    await records.assertHolds(successor, ['message 2']);
    assert.deepEqual(await records.session(session_id), ended);
    await records.assertHolds(session_id, ['message 1']);
  });
});
