import assert from 'node:assert/strict';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { connectClient, type User } from './connect-client.ts';
import { cutFirestore } from './cut-firestore.ts';
import { FAST_OUTAGE_PARAMS, SHORT_DEADLINE_PARAMS } from './fast-outage-params.ts';
import { type Records, recordsOf } from './records.ts';

const says = (content: string) => ({ role: 'user' as const, content });

describe('a host that is killed while its journal holds the only copy of messages', () => {
  const started: Hosted[] = [];
  const start = async (
    like?: Hosted,
    params: Record<string, string> = FAST_OUTAGE_PARAMS,
  ): Promise<Hosted> => {
    const hosted = await startHosted({
      params,
      ...(like && { database: like.database }),
    });
    started.push(hosted);
    return hosted;
  };
  let first: Hosted;
  let records: Records;
  let user: User;
  before(async () => {
    first = await start();
    records = recordsOf(first);
    user = await connectClient(first);
  });
  after(async () => {
    await user?.leave();
    await records?.close();
    await Promise.all(started.map((hosted) => hosted.stop()));
  });

  it('costs no message: the client of a reopened tab sends each one to the next host once, in order', async () => {
    const tab = user.openTab();
    const { session_id } = await tab.sessions.createSession();
    await tab.sessions.addMessage({ session_id, ...says('message 1') });

    const killed = await start(first, SHORT_DEADLINE_PARAMS);
    user.moveTo(killed);
    await eventually(
      () => tab.sessions.getSession({ session_id }).catch(() => null),
      (got) => got?.durability === 'durable',
    );
    const { faults, meter } = killed.proxy;
    const underWay = { kind: 'black-hole', thenApply: true } as const;
    faults.add({ methods: ['Commit'], when: 'before', effect: underWay });
    const ambiguous = await tab.sessions.addMessage({ session_id, ...says('message 2') });
    cutFirestore(killed);
    const acks = [
      ambiguous,
      await tab.sessions.addMessages({ session_id, messages: [says('message 3'), says('message 4')] }),
    ];
    const born = await tab.sessions.createSession();
    const other = await tab.sessions.addMessage({ session_id: born.session_id, ...says('another matter') });
    const all = [...acks, born, other];
    assert.deepEqual(
      all.map(({ durability }) => durability),
      all.map(() => 'volatile'),
    );
    assert.equal(new Set(all.map(({ held_by }) => held_by)).size, 1);
    assert.equal(await tab.sessions.pending(), all.length);
    for (const host of killed.hosts) host.kill();

    const second = await start(first);
    user.moveTo(second);
    const reopened = user.openTab();
    const next = await reopened.sessions.addMessage({ session_id, ...says('message 5') });
    assert.deepEqual([next.durability, next.seq, next.session_id], ['durable', 5, session_id]);
    assert.equal(await reopened.sessions.pending(), 0);
    assert.deepEqual(
      reopened.settled.map((settled) => [
        settled.outcome,
        settled.call?.name,
        settled.outcome === 'durable' && settled.session_id,
        settled.outcome === 'durable' && settled.messages.map(({ seq }) => seq),
      ]),
      [
        ['durable', 'addMessage', session_id, [2]],
        ['durable', 'addMessages', session_id, [3, 4]],
        ['durable', 'createSession', born.session_id, []],
        ['durable', 'addMessage', born.session_id, [1]],
      ],
    );
    const chat = ['message 1', 'message 2', 'message 3', 'message 4', 'message 5'];
    await records.assertHolds(session_id, chat);
    await records.assertHolds(born.session_id, ['another matter']);

    // The commit that the killed host had sent arrives only now.
    meter.take();
    faults.clear();
    const arrived = await eventually(
      async () => meter.take().bytesUp,
      (bytes) => bytes > 0,
    );
    assert.ok(arrived > 0);
    const page = await reopened.sessions.getHistory({ session_id, full: true });
    assert.deepEqual(
      page.messages.map(({ seq, content, replayed }) => [seq, content, replayed]),
      chat.map((content, index) => [index + 1, content, index > 0 && index < 4]),
    );
    await records.assertHolds(session_id, chat);
  });

  it('costs no message when the next host is in the outage as well', async () => {
    const second = await start(first);
    user.moveTo(second);
    const tab = user.openTab();
    const { session_id } = await tab.sessions.createSession();
    cutFirestore(second);
    await tab.sessions.addMessage({ session_id, ...says('message 1') });
    await tab.sessions.addMessage({ session_id, ...says('message 2') });
    for (const host of second.hosts) host.kill();

    const third = await start(first);
    const outage = cutFirestore(third);
    user.moveTo(third);
    const later = await tab.sessions.addMessage({ session_id, ...says('message 3') });
    assert.equal(later.durability, 'volatile');
    const page = await tab.sessions.getHistory({ session_id });
    assert.deepEqual(
      page.messages.map(({ seq, content }) => [seq, content]),
      [
        [null, 'message 1'],
        [null, 'message 2'],
        [null, 'message 3'],
      ],
    );
    assert.equal(page.complete, false);
    assert.equal(await tab.sessions.pending(), 3);
    for (const host of third.hosts) host.kill();

    const fourth = await start(first);
    user.moveTo(fourth);
    assert.equal(await tab.sessions.flush(), 0);
    await records.assertHolds(session_id, ['message 1', 'message 2', 'message 3']);
    outage.remove();
  });

  it('costs no message and repeats none when it is killed during its replay', async () => {
    const dying = await start(first);
    user.moveTo(dying);
    const tab = user.openTab();
    const { session_id } = await tab.sessions.createSession();
    const outage = cutFirestore(dying);
    const contents = Array.from({ length: 20 }, (_, index) => `message ${index + 1}`);
    for (const content of contents) await tab.sessions.addMessage({ session_id, ...says(content) });
    outage.remove();
    const stopped = { kind: 'black-hole' } as const;
    dying.proxy.faults.add({ methods: ['Commit'], skip: 3, when: 'before', effect: stopped });
    let isKilled = false;
    const offering = (async () => {
      while ((await tab.sessions.flush()) > 0 && !isKilled);
    })();
    await eventually(
      () => records.messagesOf(session_id),
      ({ length }) => length >= 3,
    );
    for (const host of dying.hosts) host.kill();
    isKilled = true;
    await offering;
    const { length } = await records.messagesOf(session_id);
    assert.ok(length >= 3 && length < contents.length, `${length} had been replayed`);

    const next = await start(first);
    user.moveTo(next);
    assert.equal(await tab.sessions.flush(), 0);
    await records.assertHolds(session_id, contents);
    assert.deepEqual(
      tab.settled
        .flatMap((settled) => (settled.outcome === 'durable' ? settled.messages : []))
        .map(({ seq }) => seq),
      contents.map((_, index) => index + 1),
    );
  });
});
