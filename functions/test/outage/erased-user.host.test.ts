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

const errorIn = (settled: Settlement): unknown[] =>
  settled.outcome === 'refused' ? [settled.call?.name, settled.error.code, settled.error.reason] : [settled];

describe('an operation accepted in an outage for a user who is then erased', () => {
  let hosted: Hosted;
  let records: Records;
  let erased: User;
  let tab: Tab;
  let owner: SignedInUser;
  let admin: SignedInUser;
  let session_id: string;
  let known: string;
  before(async () => {
    hosted = await startHosted({ params: FAST_OUTAGE_PARAMS });
    records = recordsOf(hosted);
    erased = await connectClient(hosted);
    tab = erased.openTab();
    owner = await hosted.signIn();
    admin = await hosted.signIn({ admin: true });
    session_id = (await hosted.call(owner, 'createSession', {})).session_id;
    known = (await tab.sessions.createSession()).session_id;
  });
  after(async () => {
    await erased?.leave();
    await records?.close();
    await hosted?.stop();
  });

  it('is refused, counted and logged, and holds up no operation of another user', async () => {
    const outage = cutFirestore(hosted);
    await tab.sessions.addMessage({ session_id: known, ...says('of somebody erased') });
    const born = await tab.sessions.createSession();
    assert.equal(born.durability, 'volatile');
    await hosted.call(owner, 'addMessage', { session_id, ...says('message 1') });
    await hosted.call(owner, 'addMessage', { session_id, ...says('message 2') });
    await records.erase(erased.uid);
    outage.remove();

    const { fallback } = await eventually(
      async () => {
        await hosted.call(owner, 'getSession', { session_id });
        return hosted.call(admin, 'getMetrics', {});
      },
      (now) => now.fallback.journal_entries === 0,
    );
    assert.deepEqual(
      [fallback.journal_entries, fallback.accepted, fallback.replayed, fallback.refused],
      [0, 4, 2, 2],
    );
    await records.assertHolds(session_id, ['message 1', 'message 2']);
    await records.assertHolds(known, []);
    assert.equal(await records.session(born.session_id), null);
    const told = await noticesOf(hosted, ({ message }) => message.startsWith('fallback.re'), 3);
    assert.deepEqual(
      told.map(({ message, reason, replayed, refused }) => [message, reason ?? [replayed, refused]]),
      [
        ['fallback.refused', 'erased'],
        ['fallback.refused', 'erased'],
        ['fallback.replayed', [2, 2]],
      ],
    );
  });

  it('is refused in the next outage as well, because the journal remembers the refusal', async () => {
    const outage = cutFirestore(hosted);
    const before = tab.settled.length;
    assert.equal(await tab.sessions.flush(), 0);
    assert.deepEqual(tab.settled.slice(before).map(errorIn), [
      ['addMessage', 'failed-precondition', 'refused'],
      ['createSession', 'failed-precondition', 'refused'],
    ]);
    outage.remove();
  });

  it('is refused as erased by a host that never held it', async () => {
    const next = await startHosted({ params: FAST_OUTAGE_PARAMS, database: hosted.database });
    try {
      const other = await connectClient(next);
      const outage = cutFirestore(next);
      const own = other.openTab();
      const born = await own.sessions.createSession();
      await own.sessions.addMessage({ session_id: born.session_id, ...says('of somebody erased') });
      await records.erase(other.uid);
      outage.remove();
      other.moveTo(hosted);
      assert.equal(
        await eventually(
          () => own.sessions.flush(),
          (left) => left === 0,
        ),
        0,
      );
      assert.deepEqual(own.settled.map(errorIn), [
        ['createSession', 'failed-precondition', 'erased'],
        ['addMessage', 'failed-precondition', 'erased'],
      ]);
      const refused = await own.sessions.createSession().catch((error: unknown) => error);
      assert.ok(isSessionsError(refused));
      assert.equal(refused.reason, 'erased');
      await other.leave();
    } finally {
      await next.stop();
    }
  });
});
