import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { successorId } from '../../successor-id.ts';
import { Actor, newMessage, newMessages } from '../actor.ts';
import { assertEnded, assertNotFound } from '../assert-fails.ts';
import type { StoreContract, StoreHarness } from '../store-harness.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** All messages of a session, page by page. */
const messagesOf = async (ann: Actor, session_id: string) => {
  const { messages, next_before_seq } = await ann.history(session_id, { full: true });
  assert.equal(next_before_seq, null);
  return messages;
};

export const concurrencyContract: StoreContract = (open) =>
  describe('under concurrency,', () => {
    /** Ann twice: on two instances if the store shares its data; otherwise on the same one. */
    const twice = (harness: StoreHarness) =>
      [new Actor(harness.store, 'ann'), new Actor(harness.peer ?? harness.store, 'ann')] as const;

    it('numbers the messages of parallel writers without gaps or repeats, and rolls over once', async () => {
      const harness = open({ messagesPerSession: 30 });
      const [ann, other] = twice(harness);
      const { session_id } = await ann.create();
      const sent = newMessages(40);
      const answers = await Promise.all(
        sent.map((message, index) => (index % 2 ? ann : other).append(session_id, [message])),
      );
      const successor = successorId('ann', session_id);
      const stored = [...(await messagesOf(ann, session_id)), ...(await messagesOf(ann, successor))];
      assert.deepEqual(
        stored.map(({ seq }) => seq),
        [...upTo(30), ...upTo(10)],
      );
      assert.deepEqual(
        stored.map(({ message_id }) => message_id).toSorted(),
        sent.map(({ message_id }) => message_id).toSorted(),
      );
      const acknowledged = new Map(
        answers.flatMap(({ messages, ...answer }) =>
          messages.map(({ message_id, seq }) => [message_id, [answer.session_id, seq]] as const),
        ),
      );
      for (const [index, { message_id, seq }] of stored.entries()) {
        assert.deepEqual(acknowledged.get(message_id), [index < 30 ? session_id : successor, seq]);
      }
      assert.equal((await ann.list()).sessions.length, 2);
    });

    it('keeps the messages of one call together', async () => {
      const [ann, other] = twice(open({ messagesPerSession: 50 }));
      const { session_id } = await ann.create();
      const bundles = upTo(10).map(() => newMessages(3));
      await Promise.all(bundles.map((bundle, index) => (index % 2 ? ann : other).append(session_id, bundle)));
      const stored = (await messagesOf(ann, session_id)).map(({ message_id }) => message_id);
      assert.equal(stored.length, 30);
      for (const bundle of bundles) {
        const ids = bundle.map(({ message_id }) => message_id);
        const begin = stored.indexOf(ids[0] ?? '');
        assert.deepEqual(stored.slice(begin, begin + 3), ids);
      }
    });

    it('stores a message once in parallel calls and gives each the same answer', async () => {
      const [ann, other] = twice(open());
      const session_id = await ann.converse(1);
      const messages = newMessages(2);
      const answers = await Promise.all(
        upTo(8).map((offer) => (offer % 2 ? ann : other).append(session_id, messages)),
      );
      for (const answer of answers) assert.deepEqual(answer, answers[0]);
      assert.deepEqual(
        answers[0]?.messages.map(({ seq }) => seq),
        [2, 3],
      );
      assert.equal((await messagesOf(ann, session_id)).length, 3);
    });

    it('accepts one of two contents for one message_id', async () => {
      const [ann, other] = twice(open());
      const session_id = await ann.converse(0);
      const message_id = randomUUID();
      const neighbour = newMessage();
      const outcomes = await Promise.allSettled([
        ann.append(session_id, [newMessage({ message_id, content: 'one' })]),
        ann.append(session_id, [neighbour]),
        other.append(session_id, [newMessage({ message_id, content: 'two' })]),
        ann.append(session_id, [newMessage({ message_id, content: 'three' })]),
      ]);
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      assert.deepEqual(
        refused.map(({ reason }) => reason.code),
        ['already-exists', 'already-exists'],
      );
      const stored = await messagesOf(ann, session_id);
      assert.deepEqual(
        stored.map(({ seq }) => seq),
        [1, 2],
      );
      assert.deepEqual(
        stored.map((message) => message.message_id).toSorted(),
        [message_id, neighbour.message_id].toSorted(),
      );
    });

    it('acknowledges no append after the end of a session in a race', async () => {
      const harness = open({ messagesPerSession: 50 });
      const [ann, other] = twice(harness);
      const session_id = await ann.converse(1);
      const sent = newMessages(12);
      const appends = sent.map((message, index) => (index % 2 ? ann : other).append(session_id, [message]));
      const ends = [other.end(session_id), ann.end(session_id)];
      const late = sent.map(() => other.append(session_id, newMessages(1)));
      const outcomes = await Promise.allSettled([...appends, ...late]);
      for (const end of await Promise.all(ends)) assert.deepEqual(end, { session_id, status: 'ended' });
      if (harness.decidesAtOnce) await assertEnded(ann.append(session_id, newMessages(1)));

      const acknowledged = outcomes.flatMap((outcome) => {
        if (outcome.status === 'fulfilled') {
          if (outcome.value.session_id === session_id) return outcome.value.messages;
          assert.equal(harness.decidesAtOnce, false, 'acknowledged what goes to a successor');
          return [];
        }
        assert.deepEqual(outcome.reason.details, { reason: 'ended' });
        return [];
      });
      const stored = await messagesOf(ann, session_id);
      assert.deepEqual(
        stored.map(({ seq }) => seq),
        upTo(acknowledged.length + 1),
      );
      assert.deepEqual(
        stored.slice(1).map(({ message_id, seq }) => ({ message_id, seq })),
        acknowledged.toSorted((a, b) => Number(a.seq) - Number(b.seq)),
      );
      const session = (await ann.list()).sessions.find((each) => each.session_id === session_id);
      assert.equal(session?.message_seq, stored.length);
    });

    it('opens one session for one id, with any number of callers', async () => {
      const harness = open();
      const [ann, other] = twice(harness);
      const bob = new Actor(harness.peer ?? harness.store, 'bob');
      const session_id = randomUUID();
      const created = await Promise.all(upTo(6).map((call) => (call % 2 ? ann : other).create(session_id)));
      for (const answer of created) assert.deepEqual(answer, created[0]);
      await assertNotFound(bob.create(session_id));
      assert.equal((await ann.list()).sessions.length, 1);

      const contested = randomUUID();
      const outcomes = await Promise.allSettled([ann.create(contested), bob.create(contested)]);
      const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
      assert.equal(won.length, 1);
      await assertNotFound(Promise.reject(lost[0]));
    });

    it('opens one successor for parallel recoveries', async () => {
      const harness = open();
      const [ann, other] = twice(harness);
      const idle = await ann.converse(1);
      harness.advance(harness.limits.idleTimeoutMs);
      for (const session_id of [idle, randomUUID()]) {
        const successor = successorId('ann', session_id);
        const sent = newMessages(6);
        await Promise.all([
          ann.get(session_id, { recover: true }),
          other.get(session_id, { recover: true }),
          ...sent.map((message, index) =>
            (index % 2 ? ann : other).append(session_id, [message], { recover: true }),
          ),
        ]);
        assert.deepEqual(
          (await messagesOf(ann, successor)).map(({ seq }) => seq),
          upTo(6),
        );
      }
      assert.equal((await ann.list()).sessions.length, 3);
    });

    it('counts an escalation once in parallel calls', async () => {
      const [ann, other] = twice(open());
      const session_id = await ann.converse(1);
      const answers = await Promise.all(
        upTo(6).map((call) => (call % 2 ? ann : other).escalate(session_id, `reason ${call}`)),
      );
      for (const answer of answers) assert.deepEqual(answer, { session_id, status: 'escalated' });
      assert.equal((await ann.get(session_id)).session.escalations, 1);
    });

    it('counts parallel ratings of one message as one', async () => {
      const harness = open();
      const [ann, other] = twice(harness);
      const session_id = await ann.converse(0);
      const [message] = await ann.tell(session_id, 1);
      const message_id = message?.message_id ?? '';
      await Promise.all([
        ann.feedback(session_id, message_id, 'positive'),
        other.feedback(session_id, message_id, 'negative'),
        ann.feedback(session_id, message_id, 'positive'),
        harness.settle(),
      ]);
      await harness.settle();
      const { session } = await ann.get(session_id);
      const [stored] = await messagesOf(ann, session_id);
      assert.deepEqual(
        [session.message_count, session.feedback_positive, session.feedback_negative],
        stored?.feedback === 'positive' ? [1, 1, 0] : [1, 0, 1],
      );
    });
  });
