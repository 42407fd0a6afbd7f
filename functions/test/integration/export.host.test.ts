import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { type FirestoreContext, reconcileCounters } from 'kb-sessions/firestore';
import { sessionsCollection } from 'kb-sessions/internal/firestore/documents';
import { SMALL_LIMITS } from 'kb-sessions/internal/testing/small-limits';
import { paginate, type SessionsClient } from 'kb-sessions-client';
import { type IndexFile, missingIndexes, runningSuite } from 'kb-sessions-testing';
import { contextAt } from '../../../packages/sessions/test/support/context-at.ts';
import { connectClient, type User } from '../outage/connect-client.ts';
import { type HostedEndpoints, startEndpoints } from '../support/endpoints.ts';

const indexFile: IndexFile = JSON.parse(
  readFileSync(new URL('../../../firestore.indexes.json', import.meta.url), 'utf8'),
);

describe('calls about all sessions of a user, through the client and the deployed functions:', () => {
  let hosted: HostedEndpoints;
  let context: FirestoreContext;
  const users: User[] = [];

  before(async () => {
    hosted = await startEndpoints({ MESSAGES_PER_SESSION: '10', OWNERS_MAY_ANSWER: 'true' });
    const { firestore, projectId } = runningSuite();
    context = contextAt(firestore, projectId, SMALL_LIMITS, hosted.single.database);
  });
  after(async () => {
    await Promise.all(users.map((user) => user.leave()));
    await context?.db.terminate();
    await hosted?.stop();
  });

  /** A new user, whose client calls the functions that are deployed one by one: those have all calls but two. */
  const entered = async () => {
    const user = await connectClient(hosted.single);
    users.push(user);
    return { user, ...user.openTab() };
  };
  const talk = async (sessions: SessionsClient, count: number): Promise<string> => {
    let { session_id } = await sessions.createSession();
    for (let n = 1; n <= count; n += 1) {
      const role = n % 2 === 1 ? 'user' : 'assistant';
      const metadata = role === 'assistant' ? { confidence: n / 100 } : {};
      const said = await sessions.addMessage({ session_id, role, content: `=message ${n}`, metadata });
      ({ session_id } = said);
      const { message_id } = said;
      if (n % 3 === 0) await sessions.submitFeedback({ session_id, message_id, rating: 'positive' });
    }
    return session_id;
  };
  const goAway = () =>
    hosted.single.proxy.faults.add({ when: 'before', effect: { kind: 'code', code: 'UNKNOWN' } });
  const pagesIn = async <Page>(pages: AsyncIterable<Page>): Promise<Page[]> => {
    const all: Page[] = [];
    for await (const page of pages) all.push(page);
    return all;
  };
  const sum = <Item>(items: Item[], by: (item: Item) => number) =>
    items.reduce((total, item) => total + by(item), 0);

  it('exportMyData returns every record once, and as many as the counters say', async () => {
    const { sessions, user } = await entered();
    await talk(sessions, 12);
    await talk(sessions, 2);
    await reconcileCounters(context, {
      triggerGraceMs: 0,
      deadline: Number.POSITIVE_INFINITY,
      clock: Date.now,
    });
    const pages = await pagesIn(paginate(sessions.exportMyData, { limit: 4 }));
    const own = pages.flatMap((page) => page.sessions ?? []);
    const messages = pages.flatMap((page) => page.messages ?? []);
    assert.deepEqual([own.length, messages.length], [3, 14]);
    assert.equal(new Set(messages.map(({ message_id }) => message_id)).size, 14);
    assert.deepEqual([...new Set([...own, ...messages].map(({ user_id }) => user_id))], [user.uid]);
    for (const session of own) {
      const said = messages.filter(({ session_id }) => session_id === session.session_id);
      assert.equal(said.length, session.message_count);
      assert.equal(
        sum(said, ({ role }) => Number(role === 'user')),
        session.total_queries,
      );
      assert.equal(
        sum(said, ({ feedback }) => Number(feedback === 'positive')),
        session.feedback_positive,
      );
      const confidence = sum(said, ({ metadata }) => Math.round((metadata.confidence ?? 0) * 10_000));
      assert.equal(confidence, session.confidence_sum);
    }
  });

  it('exportMyData returns one CSV table for all pages', async () => {
    const { sessions } = await entered();
    await talk(sessions, 12);
    const pages = await pagesIn(paginate(sessions.exportMyData, { limit: 4, format: 'csv' }));
    assert.ok(pages.length > 2);
    const rows: Record<string, string>[] = parse(pages.map(({ csv }) => csv).join(''), { columns: true });
    assert.deepEqual(
      rows.map(({ record, content }) => (record === 'session' ? record : content)).sort(),
      ['session', 'session', ...Array.from({ length: 12 }, (_, index) => `'=message ${index + 1}`)].sort(),
    );
  });

  it('an export reads at most one document more than a page holds, and sends only queries with an index', async () => {
    const { sessions } = await entered();
    await talk(sessions, 5);
    const { proxy } = hosted.single;
    const costOf = async (work: () => Promise<unknown>): Promise<string> => {
      const { cost } = await proxy.meter.measure(work);
      return `${cost.reads} / ${cost.writes} / ${cost.trips}`;
    };
    assert.equal(await costOf(() => sessions.exportMyData({ limit: 3 })), '3 / 0 / 2');
    const { next_cursor } = await sessions.exportMyData({ limit: 3 });
    assert.ok(next_cursor);
    assert.equal(await costOf(() => sessions.exportMyData({ limit: 3, cursor: next_cursor })), '3 / 0 / 1');
    await sessions.createSession();
    assert.equal(await costOf(() => sessions.endMySessions()), '2 / 2 / 2');
    assert.equal(await costOf(() => sessions.endMySessions()), '1 / 0 / 1');
    assert.deepEqual(missingIndexes(proxy.queries, indexFile), []);
  });

  it('an export returns no records of other users, and refuses a cursor that no export returned', async () => {
    const [thandi, sipho] = [await entered(), await entered()];
    await talk(thandi.sessions, 3);
    const { next_cursor } = await thandi.sessions.exportMyData({ limit: 1 });
    assert.ok(next_cursor);
    const none = { sessions: [], messages: [], csv: null, next_cursor: null };
    assert.deepEqual(await sipho.sessions.exportMyData({ cursor: next_cursor }), none);
    await assert.rejects(sipho.sessions.exportMyData({ cursor: 'x' }), {
      code: 'invalid-argument',
      field: 'cursor',
    });
    await assert.rejects(sipho.sessions.exportUserData({ user_id: thandi.user.uid }), {
      code: 'permission-denied',
    });
  });

  it('an export names a record that cannot be read', async () => {
    const { sessions } = await entered();
    const session_id = await talk(sessions, 1);
    const poison = { message_count: Number.POSITIVE_INFINITY, company: Buffer.from('x') };
    await sessionsCollection(context.db).doc(session_id).update(poison);
    const { sessions: own, messages } = await sessions.exportMyData();
    assert.deepEqual([own?.[0]?.message_count, own?.[0]?.company, messages?.length], ['Infinity', 'eA==', 1]);
    const { csv } = await sessions.exportMyData({ format: 'csv' });
    assert.match(String(csv), /Infinity/);
  });

  it('endMySessions and endUserSessions end all sessions, for every instance', async () => {
    const { sessions, user } = await entered();
    const admin = await hosted.group.signIn({ admin: true });
    const ids = [await talk(sessions, 1), await talk(sessions, 2)];
    assert.deepEqual(await sessions.endMySessions(), { ended: 2, more: false });
    const [third] = [await talk(sessions, 1)];
    const byAdmin = await hosted.group.call(admin, 'endUserSessions', { user_id: user.uid });
    assert.deepEqual(byAdmin, { ended: 1, more: false });
    user.moveTo(hosted.group);
    for (const session_id of [...ids, third])
      await assert.rejects(sessions.addMessage({ session_id, role: 'user', content: 'more' }), {
        code: 'failed-precondition',
        reason: 'ended',
      });
    const { sessions: listed } = await sessions.listSessions();
    assert.deepEqual(
      listed.map(({ end_reason }) => end_reason),
      ['admin', 'user', 'user'],
    );
  });

  it('an outage shows no ended session as open', async () => {
    const { sessions } = await entered();
    const session_id = await talk(sessions, 1);
    await sessions.endMySessions();
    const outage = goAway();
    try {
      await assert.rejects(sessions.getSession({ session_id }), { reason: 'ended' });
      await assert.rejects(sessions.endMySessions(), { code: 'unavailable' });
      await assert.rejects(sessions.exportMyData(), { code: 'unavailable' });
    } finally {
      outage.remove();
    }
  });

  it('deleteMyData leaves no record to export, and no pending operation on any device', async () => {
    const { sessions, settled, user } = await entered();
    const elsewhere = user.openBrowser();
    const session_id = await talk(sessions, 2);
    const outage = goAway();
    for (const { sessions: device } of [{ sessions }, elsewhere]) {
      const { durability } = await device.addMessage({ session_id, role: 'user', content: 'kept' });
      assert.equal(durability, 'volatile');
    }
    outage.remove();
    const { status, firestore } = await sessions.deleteMyData();
    assert.deepEqual([status, firestore], ['waiting', { sessions: 1, messages: 2 }]);
    assert.deepEqual([await sessions.pending(), await elsewhere.sessions.pending()], [0, 1]);
    assert.equal(await elsewhere.sessions.flush(), 0);
    for (const [one, ...more] of [settled, elsewhere.settled]) {
      assert.equal(one?.outcome === 'refused' && one.error.reason, 'erased');
      assert.deepEqual(more, []);
    }
    const { sessions: own, messages } = await sessions.exportMyData();
    assert.deepEqual([own, messages], [[], []]);
  });
});
