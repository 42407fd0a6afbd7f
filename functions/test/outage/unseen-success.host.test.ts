import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { connectClient, type Tab, type User } from './connect-client.ts';
import { FAST_OUTAGE_PARAMS } from './fast-outage-params.ts';
import { type Records, recordsOf } from './records.ts';

const says = (content: string) => ({ role: 'user' as const, content, message_id: randomUUID() });

/** A success that nobody sees is `volatile`, until what the client offers again is found to be there. */
describe('a commit that is applied and answered with an error, before an outage,', () => {
  let hosted: Hosted;
  let records: Records;
  let user: User;
  let tab: Tab;
  before(async () => {
    hosted = await startHosted({ params: FAST_OUTAGE_PARAMS });
    records = recordsOf(hosted);
    user = await connectClient(hosted);
    tab = user.openTab();
  });
  after(async () => {
    await user?.leave();
    await records?.close();
    await hosted?.stop();
  });

  /** The next commit succeeds and is said to have failed, and nothing after it gets through. */
  const lieAndLeave = (code: 'UNAVAILABLE' | 'INTERNAL' | 'DEADLINE_EXCEEDED') => {
    const { faults } = hosted.proxy;
    const lie = faults.add({ methods: ['Commit'], when: 'after', effect: { kind: 'code', code }, times: 1 });
    const away = { kind: 'code', code: 'UNKNOWN' } as const;
    faults.add({ methods: ['Commit'], when: 'before', effect: away });
    faults.add({ methods: ['BatchGetDocuments'], skip: 1, when: 'before', effect: away });
    return lie;
  };

  const offerAgain = async () => {
    hosted.proxy.faults.clear();
    const left = await eventually(
      () => tab.sessions.flush(),
      (pending) => pending === 0,
    );
    assert.equal(left, 0);
    return tab.settled.at(-1);
  };

  for (const code of ['UNAVAILABLE', 'INTERNAL', 'DEADLINE_EXCEEDED'] as const) {
    it(`creates a session once, after ${code}`, async () => {
      const lie = lieAndLeave(code);
      const { session_id, durability } = await tab.sessions.createSession();
      assert.deepEqual([durability, lie.hits()], ['volatile', 1]);
      const landed = await records.session(session_id);
      assert.ok(landed);
      const settled = await offerAgain();
      assert.deepEqual(settled?.outcome === 'durable' && [settled.session_id, settled.messages], [
        session_id,
        [],
      ]);
      assert.deepEqual(await records.session(session_id), landed);
    });

    it(`stores its messages once, and the repeated call answers their numbers, after ${code}`, async () => {
      const { session_id } = await tab.sessions.createSession();
      const [one, two, three] = [says('message 1'), says('message 2'), says('message 3')];
      for (const { write, ids } of [
        { write: () => tab.sessions.addMessage({ session_id, ...one }), ids: [one.message_id] },
        {
          write: () => tab.sessions.addMessages({ session_id, messages: [two, three] }),
          ids: [two.message_id, three.message_id],
        },
      ]) {
        const lie = lieAndLeave(code);
        const { durability } = await write();
        assert.deepEqual([durability, lie.hits()], ['volatile', 1]);
        const settled = await offerAgain();
        assert.deepEqual(
          settled?.outcome === 'durable' && settled.messages.map(({ message_id }) => message_id),
          ids,
        );
      }
      await records.assertHolds(session_id, ['message 1', 'message 2', 'message 3']);
    });
  }
});
