import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { countMessage, decodeMessage, FirestoreStore, reconcileCounters } from 'kb-sessions/firestore';
import { SMALL_LIMITS } from 'kb-sessions/internal/testing/small-limits';
import type { CallInput, CallName } from 'kb-sessions-contract';
import { EMPTY_USER_INFO } from 'kb-sessions-contract/records';
import {
  type Cost,
  type Fault,
  type IndexFile,
  missingIndexes,
  runningSuite,
  type SignedInUser,
  startProxy,
} from 'kb-sessions-testing';
import { contextAt } from '../../../packages/sessions/test/support/context-at.ts';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { documentedCosts } from '../support/documented-costs.ts';
import { createExpired } from '../support/expired-session.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';

/** Calls that start together are to overlap at the proxy. */
const DELAY_MS = 40;

const asText = ({ reads, writes, trips }: Cost): string => `${reads} / ${writes} / ${trips}`;

describe('the costs (documents read / written / sequential round trips)', () => {
  const expected = documentedCosts();
  const measured = new Map<string, string>();
  let hosted: Hosted;
  let brief: Hosted;
  let owner: SignedInUser;
  let agent: SignedInUser;
  let admin: SignedInUser;

  before(async () => {
    hosted = await startHosted({ hosts: 2 });
    brief = await startHosted({
      params: { TOUCH_SECONDS: '0', OPEN_SESSIONS_PER_USER: '0' },
    });
    for (const { proxy } of [hosted, brief]) proxy.setDelay(DELAY_MS);
    owner = await hosted.signIn();
    agent = await hosted.signIn({ agent: true });
    admin = await hosted.signIn({ admin: true });
  });

  after(async () => {
    await Promise.all([hosted.stop(), brief.stop()]);
    for (const [call, cost] of measured) console.log(`    ${call.padEnd(62)} ${cost}`);
  });

  const costs = async (
    row: string,
    on: Pick<Hosted, 'proxy'>,
    work: () => Promise<unknown>,
  ): Promise<void> => {
    const { cost } = await on.proxy.meter.measure(work);
    measured.set(row, asText(cost));
    assert.equal(asText(cost), expected.get(row), `${row} of docs/costs.md`);
  };

  const row = <Name extends CallName>(
    title: string,
    name: Name,
    prepare: () => Promise<{ input: CallInput<Name>; by?: SignedInUser; on?: Hosted }>,
  ): void => {
    it(`cover ${title}`, async () => {
      const { input, by = owner, on = hosted } = await prepare();
      await costs(title, on, () => on.call(by, name, input));
    });
  };

  const opened = async (on = hosted): Promise<string> =>
    (await on.call(owner, 'createSession', {})).session_id;

  const filled = async (count: number): Promise<string> => {
    const session_id = await opened();
    for (let left = count; left > 0; left -= 10) {
      const messages = Array.from({ length: Math.min(10, left) }, (_, index) => says(`message ${index}`));
      await hosted.call(owner, 'addMessages', { session_id, messages });
    }
    return session_id;
  };

  const says = (content: string) => ({ role: 'user' as const, content });

  const expired = (): Promise<string> => createExpired(brief, owner);

  /** Holds the first two RPCs of a method until both have arrived. */
  const holdTwo = async (methods: Fault['methods'] & object): Promise<void> => {
    const held = hosted.proxy.faults.add({
      methods,
      times: 2,
      when: 'before',
      effect: { kind: 'black-hole' },
    });
    await eventually(
      () => held.hits(),
      (hits) => hits === 2,
    );
    held.remove();
  };

  row('createSession', 'createSession', async () => ({ input: {} }));
  row('createSession, where `OPEN_SESSIONS_PER_USER` is 0', 'createSession', async () => ({
    input: {},
    on: brief,
  }));
  row('createSession, repeated', 'createSession', async () => ({ input: { session_id: await opened() } }));
  row('getSession', 'getSession', async () => ({ input: { session_id: await opened() } }));
  row('getSession, once a minute', 'getSession', async () => ({
    input: { session_id: await opened(brief) },
    on: brief,
  }));
  it('cover getSession, refused by an expired session', async () => {
    const session_id = await expired();
    await costs('getSession, refused by a session that has expired since', brief, () =>
      brief.refused(owner, 'getSession', { session_id }),
    );
  });
  row('getSession, recovering an expired session', 'getSession', async () => ({
    input: { session_id: await expired(), recover: true },
    on: brief,
  }));
  row('addMessage', 'addMessage', async () => ({ input: { session_id: await opened(), ...says('hello') } }));
  row('addMessage, with the newest 20 messages as context', 'addMessage', async () => ({
    input: { session_id: await filled(30), context_limit: 20, ...says('hello') },
  }));
  row('addMessage, repeated', 'addMessage', async () => {
    const input = { session_id: await opened(), message_id: randomUUID(), ...says('hello') };
    await hosted.call(owner, 'addMessage', input);
    return { input };
  });
  row('addMessage, replayed', 'addMessage', async () => ({
    input: { session_id: await opened(), replay: true, ...says('hello') },
  }));
  it('cover addMessage, after a lost race', async () => {
    const session_id = await opened();
    // The first call of a host waits for its connection, and would not meet the other's.
    await hosted.call(owner, 'getSession', { session_id }, 1);
    const write = (host: number) => hosted.call(owner, 'addMessage', { session_id, ...says('hello') }, host);
    const { cost } = await hosted.proxy.meter.measure(() =>
      Promise.all([holdTwo(['BatchGetDocuments']), holdTwo(['Commit']), write(0), write(1)]),
    );
    // The winner's call is 1 / 2 / 2, and goes on beside the first two round trips of the other.
    const loser = { ...cost, reads: cost.reads - 1, writes: cost.writes - 2 };
    measured.set('addMessage, after a lost race', asText(loser));
    assert.equal(asText(loser), expected.get('addMessage, after a lost race'));
  });
  row('addMessage, rolling over', 'addMessage', async () => ({
    input: { session_id: await filled(50), ...says('message 51') },
  }));
  row('addMessage, following the link of a session that rolled over', 'addMessage', async () => {
    const session_id = await filled(51);
    return { input: { session_id, ...says('message 52') } };
  });
  row('addMessage, recovering an expired session', 'addMessage', async () => ({
    input: { session_id: await expired(), recover: true, ...says('hello') },
    on: brief,
  }));
  row('addMessage, recovering an unknown session', 'addMessage', async () => ({
    input: { session_id: randomUUID(), recover: true, ...says('hello') },
  }));
  row('addMessage, escalating', 'addMessage', async () => ({
    input: {
      session_id: await opened(),
      user_id: owner.uid,
      role: 'assistant',
      content: 'I shall ask a colleague',
      metadata: { escalated: true },
    },
    by: agent,
  }));
  it('cover addMessage, refused by an ended session', async () => {
    const session_id = await opened();
    await hosted.call(owner, 'endSession', { session_id });
    await costs('addMessage, refused by a session that has ended', hosted, () =>
      hosted.refused(owner, 'addMessage', { session_id, ...says('hello') }),
    );
  });
  row('addMessages, of 10 messages', 'addMessages', async () => ({
    input: { session_id: await opened(), messages: Array.from({ length: 10 }, () => says('hello')) },
  }));
  row('getHistory, of the newest 20 messages', 'getHistory', async () => ({
    input: { session_id: await filled(50) },
  }));
  row('getHistory, of 20 older messages', 'getHistory', async () => ({
    input: { session_id: await filled(50), before_seq: 30 },
  }));
  row('listSessions, of 3 sessions', 'listSessions', async () => {
    const by = await hosted.signIn();
    for (let session = 0; session < 3; session += 1) await hosted.call(by, 'createSession', {});
    return { input: {}, by };
  });
  row('endSession', 'endSession', async () => ({ input: { session_id: await opened() } }));
  row('endMySessions, of 2 sessions', 'endMySessions', async () => {
    const by = await hosted.signIn();
    for (let session = 0; session < 2; session += 1) await hosted.call(by, 'createSession', {});
    return { input: {}, by };
  });
  row('submitFeedback', 'submitFeedback', async () => {
    const session_id = await opened();
    const { message_id } = await hosted.call(owner, 'addMessage', { session_id, ...says('hello') });
    return { input: { session_id, message_id, rating: 'positive' } };
  });
  row('escalateSession', 'escalateSession', async () => ({ input: { session_id: await opened() } }));
  row('getMetrics', 'getMetrics', async () => ({ input: {}, by: admin }));

  it('cover getActiveSessions, of 5 sessions', async () => {
    const alone = await startHosted();
    alone.proxy.setDelay(DELAY_MS);
    try {
      for (let session = 0; session < 5; session += 1) await alone.call(owner, 'createSession', {});
      await costs('getActiveSessions, of 5 sessions', alone, () =>
        alone.call(admin, 'getActiveSessions', {}),
      );
      assertIndexed(alone);
    } finally {
      await alone.stop();
    }
  });

  it('cover clearExpiredSessions, of 3 sessions in one shard', async () => {
    const alone = await startHosted({ params: { EXPIRY_SHARDS: '1' } });
    try {
      for (let session = 0; session < 3; session += 1) await createExpired(alone, owner, 1);
      await costs('clearExpiredSessions, of 3 sessions in one shard', alone, () =>
        alone.call(admin, 'clearExpiredSessions', {}),
      );
      assertIndexed(alone);
    } finally {
      await alone.stop();
    }
  });

  it('cover onMessageCreated, once and again', async () => {
    const proxy = await startProxy({ target: runningSuite().firestore });
    const context = contextAt(proxy.address, `demo-${randomUUID()}`, SMALL_LIMITS);
    try {
      const store = new FirestoreStore(context);
      const session_id = randomUUID();
      await store.create({ owner: 'owner', session_id, user: EMPTY_USER_INFO, replay: false });
      const message_id = randomUUID();
      const messages = [{ message_id, ...says('hello'), metadata: {} }];
      await store.append({
        owner: 'owner',
        session_id,
        user: EMPTY_USER_INFO,
        recover: false,
        replay: false,
        context_limit: null,
        messages,
      });
      const created = await context.db.doc(`kb_messages/${message_id}`).get();
      const { updateTime } = created;
      assert.ok(updateTime);
      const message = decodeMessage(created.data() ?? {});
      const on = { proxy };
      await costs('onMessageCreated, per message', on, () => countMessage(context, message, updateTime));
      await costs('onMessageCreated, delivered again', on, () => countMessage(context, message, updateTime));
      await reconcileCounters(context, {
        triggerGraceMs: 0,
        deadline: Number.POSITIVE_INFINITY,
        clock: () => 0,
      });
      assertIndexed(on);
    } finally {
      await context.db.terminate();
      await proxy.stop();
    }
  });

  it('require an index in firestore.indexes.json for every query', async () => {
    await hosted.call(owner, 'listSessions', { status: 'expired' });
    const { next_cursor } = await hosted.call(owner, 'listSessions', { limit: 1 });
    await hosted.call(owner, 'listSessions', {
      limit: 1,
      ...(next_cursor !== null && { cursor: next_cursor }),
    });
    await hosted.call(admin, 'getActiveSessions', { cursor: randomUUID() });
    assertIndexed(hosted);
  });

  it('include every row of docs/costs.md', () => {
    assert.deepEqual([...measured.keys()].sort(), [...expected.keys()].sort());
  });
});

const indexFile: IndexFile = JSON.parse(
  readFileSync(new URL('../../../firestore.indexes.json', import.meta.url), 'utf8'),
);

const assertIndexed = ({ proxy }: Pick<Hosted, 'proxy'>): void => {
  assert.ok(proxy.queries.length > 0, 'there was a query to look at');
  assert.deepEqual(missingIndexes(proxy.queries, indexFile), []);
};
