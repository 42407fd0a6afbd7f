import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { SignedInUser } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { cutFirestore } from './cut-firestore.ts';
import { FAST_OUTAGE_PARAMS } from './fast-outage-params.ts';
import { noticesOf } from './notices.ts';
import { type Records, recordsOf } from './records.ts';

const ROOM = 5;
const messageOf = (content: string) => ({ role: 'user' as const, content, message_id: randomUUID() });

describe(`a journal with room for ${ROOM} entries`, () => {
  let hosted: Hosted;
  let records: Records;
  let owner: SignedInUser;
  let admin: SignedInUser;
  before(async () => {
    hosted = await startHosted({ params: { ...FAST_OUTAGE_PARAMS, JOURNAL_ENTRIES: String(ROOM) } });
    records = recordsOf(hosted);
    owner = await hosted.signIn();
    admin = await hosted.signIn({ admin: true });
  });
  after(async () => {
    await records?.close();
    await hosted?.stop();
  });

  it('refuses further entries, logs that once, drops no entry, and accepts entries again when there is room', async () => {
    const { session_id } = await hosted.call(owner, 'createSession', {});
    const outage = cutFirestore(hosted);
    const accepted = Array.from({ length: ROOM }, (_, index) => messageOf(`message ${index + 1}`));
    const offer = async (message: ReturnType<typeof messageOf>) =>
      (await hosted.call(owner, 'addMessage', { session_id, ...message })).durability;
    for (const message of accepted) assert.equal(await offer(message), 'volatile');

    const late = messageOf('message 6');
    for (const [name, input] of [
      ['addMessage', { session_id, ...late }],
      ['addMessage', { session_id, ...late }],
      ['createSession', {}],
    ] as const) {
      assert.equal((await hosted.refused(owner, name, input)).error.status, 'UNAVAILABLE');
    }
    for (const message of accepted) assert.equal(await offer(message), 'volatile', 'is held already');
    const { fallback } = await hosted.call(admin, 'getMetrics', {});
    assert.deepEqual([fallback.journal_entries, fallback.turned_away], [ROOM, 3]);
    const full = await noticesOf(hosted, ({ message }) => message === 'fallback.full');
    assert.deepEqual(
      full.map(({ severity }) => severity),
      ['ERROR'],
    );
    const { messages } = await hosted.call(owner, 'getHistory', { session_id });
    assert.deepEqual(
      messages.map(({ content }) => content),
      accepted.map(({ content }) => content),
    );

    outage.remove();
    await eventually(
      () => offer(late).catch(() => null),
      (durability) => durability === 'durable',
    );
    await records.assertHolds(
      session_id,
      [...accepted, late].map(({ content }) => content),
    );
  });
});
