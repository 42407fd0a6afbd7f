import assert from 'node:assert/strict';
import { type RedisServer, startRedis } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { commandRedis } from '../../../packages/sessions/test/support/redis-client.ts';
import { needRedis } from '../../../packages/sessions/test/support/redis-server.ts';
import { connectClient, type Tab, type User } from '../outage/connect-client.ts';
import { cutFirestore } from '../outage/cut-firestore.ts';
import { FAST_OUTAGE_PARAMS } from '../outage/fast-outage-params.ts';
import { noticesOf } from '../outage/notices.ts';
import { type Records, recordsOf } from '../outage/records.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';

const says = (content: string) => ({ role: 'user' as const, content });

describe('hosts that share a Redis, in an outage of Firestore,', () => {
  needRedis();
  let redis: RedisServer;
  let first: Hosted;
  let second: Hosted;
  let records: Records;
  let user: User;
  let tab: Tab;
  let session_id: string;
  beforeEach(async () => {
    redis = await startRedis();
    const params = { ...FAST_OUTAGE_PARAMS, REDIS_URL: redis.url };
    first = await startHosted({ params });
    second = await startHosted({ params, database: first.database });
    records = recordsOf(first);
    user = await connectClient(first);
    tab = user.openTab();
    for (const each of [first, second]) cutFirestore(each);
    session_id = (await tab.sessions.createSession()).session_id;
    await tab.sessions.addMessage({ session_id, ...says('message 1') });
  });
  afterEach(async () => {
    await user?.leave();
    await records?.close();
    await Promise.all([first?.stop(), second?.stop(), redis?.stop()]);
  });

  it("show each other's sessions, and replay the journal of a killed host", async () => {
    user.moveTo(second);
    const elsewhere = user.openBrowser().sessions;
    const { session, durability } = await elsewhere.getSession({ session_id });
    assert.deepEqual([session.message_count, session.fallback, durability], [1, true, 'volatile']);
    const page = await elsewhere.getHistory({ session_id });
    assert.deepEqual(
      page.messages.map(({ seq, content }) => [seq, content]),
      [[null, 'message 1']],
    );
    const next = await elsewhere.addMessage({ session_id, ...says('message 2') });
    assert.equal(next.durability, 'volatile');
    for (const host of first.hosts) host.kill();

    second.proxy.faults.clear();
    const last = await eventually(
      () => elsewhere.addMessage({ session_id, ...says('message 3') }),
      (answer) => answer.durability === 'durable',
    );
    assert.equal(last.durability, 'durable');
    const stored = await records.messagesOf(session_id);
    assert.deepEqual(stored.map(({ content }) => content).slice(0, 2), ['message 1', 'message 2']);
  });

  it('use their own memory when Redis ends, and store every message once', async () => {
    await redis.stop();
    const next = await tab.sessions.addMessage({ session_id, ...says('message 2') });
    assert.equal(next.durability, 'volatile');
    const [lost] = await noticesOf(first, ({ message }) => message === 'redis.unavailable');
    assert.equal(lost?.severity, 'ERROR');
    first.proxy.faults.clear();
    const left = await eventually(
      () => tab.sessions.flush(),
      (pending) => pending === 0,
    );
    assert.equal(left, 0);
    await records.assertHolds(session_id, ['message 1', 'message 2']);
  });

  it('get the operations that a flushed Redis has lost from the client again', async () => {
    await commandRedis(redis.url, (client) => client.flushAll());
    user.moveTo(second);
    await tab.sessions.addMessage({ session_id, ...says('message 2') });
    for (const each of [first, second]) each.proxy.faults.clear();
    const left = await eventually(
      () => tab.sessions.flush(),
      (pending) => pending === 0,
    );
    assert.equal(left, 0);
    await records.assertHolds(session_id, ['message 1', 'message 2']);
  });
});
