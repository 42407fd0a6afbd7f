import assert from 'node:assert/strict';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { connectClient, type Tab, type User } from './connect-client.ts';
import { FAST_OUTAGE_PARAMS } from './fast-outage-params.ts';
import { type Records, recordsOf } from './records.ts';

/** What each tab writes at least; it goes on until Firestore was there and was away. */
const EACH = 15;
/** An outage fails three RPCs, enough to open the breaker, and then lets five pass. */
const FAILING = 3;
const PASSING = 5;
const OUTAGES = 200;

describe('a flapping Firestore to which two tabs write', () => {
  let hosted: Hosted;
  let records: Records;
  let user: User;
  before(async () => {
    hosted = await startHosted({
      params: { ...FAST_OUTAGE_PARAMS, MESSAGES_PER_SESSION: '1000' },
    });
    records = recordsOf(hosted);
    user = await connectClient(hosted);
  });
  after(async () => {
    await user?.leave();
    await records?.close();
    await hosted?.stop();
  });

  const flapping = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    // A fault does not see the RPCs that the faults before it affect.
    for (let outage = 1; outage <= OUTAGES; outage += 1) {
      hosted.proxy.faults.add({
        skip: outage * PASSING,
        times: FAILING,
        when: 'before',
        effect: { kind: 'code', code: 'UNKNOWN' },
      });
    }
    try {
      return await work();
    } finally {
      hosted.proxy.faults.clear();
    }
  };

  it('stores every message of both tabs once, in the order of each tab, numbered without gaps', async () => {
    const tabs = [user.openTab(), user.openTab()];
    const { session_id, ...created } = await user.openTab().sessions.createSession();
    const seen = new Set<string>();
    const write = async ({ sessions }: Tab, index: number): Promise<string[]> => {
      const durabilities: string[] = [];
      for (let number = 1; number <= EACH || seen.size < 2; number += 1) {
        const content = `tab ${index}, message ${number}`;
        const { durability } = await sessions.addMessage({ session_id, role: 'user', content });
        seen.add(durability);
        durabilities.push(durability);
      }
      return durabilities;
    };
    const written = await flapping(() => Promise.all(tabs.map(write)));
    const durabilities = written.flat();
    assert.deepEqual(seen, new Set(['durable', 'volatile']));

    const left = await eventually(
      async () => Math.max(...(await Promise.all(tabs.map(({ sessions }) => sessions.flush())))),
      (pending) => pending === 0,
    );
    assert.equal(left, 0);
    const messages = await records.messagesOf(session_id);
    assert.deepEqual(
      messages.map(({ seq }) => seq),
      durabilities.map((_, index) => index + 1),
    );
    for (const [index, { length }] of written.entries()) {
      assert.deepEqual(
        messages.map(({ content }) => content).filter((content) => content.startsWith(`tab ${index}`)),
        Array.from({ length }, (_, number) => `tab ${index}, message ${number + 1}`),
      );
    }
    const acknowledged = [created.durability, ...durabilities];
    const volatile = acknowledged.filter((durability) => durability === 'volatile').length;
    const told = tabs.flatMap(({ settled }) => settled);
    assert.equal(told.filter(({ outcome }) => outcome === 'durable').length, volatile);
  });
});
