import assert from 'node:assert/strict';
import type { SignedInUser } from 'kb-sessions-testing';
import { eventually } from '../../../packages/sessions/test/support/eventually.ts';
import { type Hosted, startHosted } from '../support/hosted.ts';
import { cutFirestore } from './cut-firestore.ts';
import { FAST_OUTAGE_PARAMS } from './fast-outage-params.ts';
import { noticesOf } from './notices.ts';
import { type Records, recordsOf } from './records.ts';

const says = (content: string) => ({ role: 'user' as const, content });

describe('an outage during a chat that the instance has in its cache', () => {
  let hosted: Hosted;
  let records: Records;
  let owner: SignedInUser;
  let agent: SignedInUser;
  let admin: SignedInUser;
  let session_id: string;
  let born: string;
  let held_by: string | null;
  before(async () => {
    hosted = await startHosted({ params: FAST_OUTAGE_PARAMS });
    records = recordsOf(hosted);
    owner = await hosted.signIn();
    agent = await hosted.signIn({ agent: true });
    admin = await hosted.signIn({ admin: true });
  });
  after(async () => {
    await records?.close();
    await hosted?.stop();
  });

  const answers = (content: string, confidence: number) =>
    hosted.call(agent, 'addMessage', {
      session_id,
      user_id: owner.uid,
      role: 'assistant',
      content,
      metadata: { confidence, collections_used: ['glossary'] },
    });
  const metrics = async () => (await hosted.call(admin, 'getMetrics', {})).fallback;

  it('begins after durable messages', async () => {
    session_id = (await hosted.call(owner, 'createSession', {})).session_id;
    const asked = await hosted.call(owner, 'addMessage', { session_id, ...says('question 1') });
    assert.deepEqual([asked.seq, asked.durability, asked.held_by], [1, 'durable', null]);
    assert.equal((await answers('answer 1', 0.5)).seq, 2);
    const { metadata, durability, session } = await hosted.call(owner, 'getSession', { session_id });
    assert.deepEqual([metadata, durability, session.fallback], [null, 'durable', false]);
  });

  describe('while Firestore is unavailable', () => {
    let outage: ReturnType<typeof cutFirestore>;
    before(() => {
      outage = cutFirestore(hosted);
    });
    after(() => outage.remove());

    it('accepts messages as volatile, and answers the context and the name of the journal', async () => {
      const asked = await hosted.call(owner, 'addMessage', {
        session_id,
        ...says('question 2'),
        context_limit: 20,
      });
      held_by = asked.held_by;
      assert.ok(held_by);
      assert.deepEqual(
        [asked.seq, asked.durability, asked.recovered, asked.rolled_over, asked.session_id],
        [null, 'volatile', false, false, session_id],
      );
      assert.deepEqual(
        asked.context?.map(({ seq, content }) => [seq, content]),
        [
          [1, 'question 1'],
          [2, 'answer 1'],
          [null, 'question 2'],
        ],
      );
      assert.equal(asked.context_complete, true);
      const answered = await answers('answer 2', 0.9);
      assert.deepEqual([answered.durability, answered.held_by], ['volatile', held_by]);
      const several = await hosted.call(owner, 'addMessages', {
        session_id,
        messages: [says('question 3'), says('question 4')],
      });
      assert.deepEqual(
        [several.durability, several.held_by, several.messages.map(({ seq }) => seq)],
        ['volatile', held_by, [null, null]],
      );
    });

    it('shows the messages that the instance knows, and that the history is not complete', async () => {
      const page = await hosted.call(owner, 'getHistory', { session_id, full: true });
      assert.deepEqual(
        page.messages.map(({ seq, content }) => [seq, content]),
        [
          [1, 'question 1'],
          [2, 'answer 1'],
          [null, 'question 2'],
          [null, 'answer 2'],
          [null, 'question 3'],
          [null, 'question 4'],
        ],
      );
      assert.deepEqual([page.complete, page.next_before_seq], [false, null]);
    });

    it('shows the session with the pending messages', async () => {
      const { session, durability, metadata } = await hosted.call(owner, 'getSession', { session_id });
      assert.deepEqual(metadata, {
        total_queries: 3,
        collections_used: ['glossary'],
        escalated: false,
        fallback: true,
      });
      assert.deepEqual(
        [durability, session.status, session.fallback, session.message_seq],
        ['volatile', 'active', true, 2],
      );
    });

    it('creates sessions, and answers all other calls as unavailable', async () => {
      const created = await hosted.call(owner, 'createSession', {});
      assert.deepEqual([created.durability, created.held_by], ['volatile', held_by]);
      born = created.session_id;
      await hosted.call(owner, 'addMessage', { session_id: born, ...says('another matter') });
      const { messages } = await hosted.call(owner, 'getHistory', { session_id });
      const message_id = messages[0]?.message_id;
      for (const [name, input, by] of [
        ['listSessions', {}, owner],
        ['endSession', { session_id }, owner],
        ['submitFeedback', { session_id, message_id, rating: 'positive' }, owner],
        ['escalateSession', { session_id }, owner],
        ['getHistory', { session_id, before_seq: 1 }, owner],
        ['getActiveSessions', {}, admin],
        ['clearExpiredSessions', {}, admin],
      ] as const) {
        assert.equal((await hosted.refused(by, name, input)).error.status, 'UNAVAILABLE', name);
      }
    });

    it('reports the pending operations to the admin and in the log', async () => {
      const { breaker, fallback } = await hosted.call(admin, 'getMetrics', {});
      assert.notEqual(breaker, 'closed');
      assert.ok(fallback.journal_bytes > 0);
      assert.deepEqual(
        { ...fallback, journal_bytes: 0, cached_bytes: 0 },
        {
          journal_entries: 5,
          journal_bytes: 0,
          memory_sessions: 1,
          cached_sessions: 1,
          cached_bytes: 0,
          activations: 1,
          accepted: 5,
          replayed: 0,
          refused: 0,
          turned_away: 0,
        },
      );
      const told = (await noticesOf(hosted, () => true, 2)).map(({ severity, message }) => [
        severity,
        message,
      ]);
      assert.deepEqual(
        new Set(told.map(String)),
        new Set(['WARNING,fallback.activated', 'ERROR,firestore.unavailable']),
      );
    });
  });

  describe('after the outage', () => {
    const chat = ['question 1', 'answer 1', 'question 2', 'answer 2', 'question 3', 'question 4'];

    it('replays the pending operations once, in order', async () => {
      const { durability, session } = await eventually(
        () => hosted.call(owner, 'getSession', { session_id }),
        ({ session: stored }) => stored.message_seq === 6,
      );
      assert.deepEqual([durability, session.fallback, session.message_seq], ['durable', true, 6]);
      const next = await hosted.call(owner, 'addMessage', { session_id, ...says('question 5') });
      assert.deepEqual([next.seq, next.durability], [7, 'durable']);
      const { journal_entries } = await eventually(
        async () => {
          await hosted.call(owner, 'getSession', { session_id: born });
          return metrics();
        },
        (now) => now.journal_entries === 0,
      );
      assert.equal(journal_entries, 0);
      const messages = await records.assertHolds(session_id, [...chat, 'question 5']);
      assert.deepEqual(
        messages.map(({ replayed }) => replayed),
        [false, false, true, true, true, true, false],
      );
      await records.assertHolds(born, ['another matter']);
      assert.equal((await records.session(born))?.fallback, true);
    });

    it('shows all messages', async () => {
      const page = await hosted.call(owner, 'getHistory', { session_id, full: true });
      assert.deepEqual(
        page.messages.map(({ seq, content, replayed }) => [seq, content, replayed]),
        [...chat, 'question 5'].map((content, index) => [index + 1, content, index > 1 && index < 6]),
      );
      assert.equal(page.complete, true);
    });

    it('counts every message once, and the volatile messages of the day', async () => {
      const messages = [...(await records.messagesOf(session_id)), ...(await records.messagesOf(born))];
      const day = await records.count(messages);
      assert.deepEqual(
        [day.message_count, day.total_queries, day.confidence_count, day.confidence_sum, day.fallbacks],
        [8, 6, 2, 14_000, 5],
      );
      const { session } = await hosted.call(owner, 'getSession', { session_id });
      assert.deepEqual([session.message_count, session.total_queries, session.avg_confidence], [7, 5, 0.7]);
    });

    it('reports to the admin and in the log how many operations it replayed in what time', async () => {
      const { accepted, replayed, refused, memory_sessions } = await metrics();
      assert.deepEqual([accepted, replayed, refused, memory_sessions], [5, 5, 0, 0]);
      const [done, ...more] = await noticesOf(hosted, ({ message }) => message === 'fallback.replayed');
      assert.deepEqual(more, []);
      assert.deepEqual(
        { ...done, ms: 0 },
        { severity: 'NOTICE', message: 'fallback.replayed', accepted: 5, replayed: 5, refused: 0, ms: 0 },
      );
      assert.ok(Number(done?.ms) > 0);
      const available = await noticesOf(hosted, ({ message }) => message === 'firestore.available');
      assert.equal(available.length, 1);
    });
  });
});
