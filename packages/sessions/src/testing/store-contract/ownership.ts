import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Actor, newMessages } from '../actor.ts';
import { assertNotFound, failureOf } from '../assert-fails.ts';
import type { StoreContract } from '../store-harness.ts';

type Operation = (actor: Actor, session_id: string) => Promise<unknown>;

const OPERATIONS: Record<string, Operation> = {
  get: (actor, session_id) => actor.get(session_id),
  append: (actor, session_id) => actor.append(session_id, newMessages(2)),
  history: (actor, session_id) => actor.history(session_id),
  'full history': (actor, session_id) => actor.history(session_id, { full: true, before_seq: 2 }),
  end: (actor, session_id) => actor.end(session_id),
  escalate: (actor, session_id) => actor.escalate(session_id, 'reason'),
  feedback: (actor, session_id) => actor.feedback(session_id, randomUUID(), 'positive'),
};

export const ownershipContract: StoreContract = (open) =>
  describe('with several owners,', () => {
    /** A session of Ann in each possible state, and her view of all of them. */
    const sessionsOfAnn = async () => {
      const harness = open();
      const ann = new Actor(harness.store, 'ann');
      const expired = await ann.converse(2);
      harness.advance(harness.limits.idleTimeoutMs);
      const ended = await ann.converse(2);
      await ann.end(ended);
      const rolledOver = await ann.converse(harness.limits.messagesPerSession + 1);
      const active = await ann.converse(2);
      return { ...harness, ann, sessions: [active, ended, expired, rolledOver] };
    };

    it('fails equally for a missing session and for one of another user in any state', async () => {
      const { store, ann, sessions } = await sessionsOfAnn();
      const before = await ann.list();
      const bob = new Actor(store, 'bob');
      await bob.converse(1);
      for (const operation of Object.values(OPERATIONS)) {
        const missing = await failureOf(operation(bob, randomUUID()));
        await assertNotFound(Promise.reject(missing));
        for (const session_id of sessions) {
          assert.deepEqual(await failureOf(operation(bob, session_id)), missing);
        }
      }
      assert.deepEqual(await ann.list(), before);
    });

    it('reveals nothing about a message_id stored in a foreign session', async () => {
      const { store, ann, sessions } = await sessionsOfAnn();
      const bob = new Actor(store, 'bob');
      const messages = newMessages(1);
      const own = await ann.converse(0);
      await ann.append(own, messages);
      const missing = await failureOf(bob.append(randomUUID(), messages));
      await assertNotFound(Promise.reject(missing));
      for (const session_id of [own, ...sessions]) {
        assert.deepEqual(await failureOf(bob.append(session_id, messages)), missing);
      }
    });

    it('excludes sessions of others from a list', async () => {
      const { store, sessions } = await sessionsOfAnn();
      const bob = new Actor(store, 'bob');
      const own = await bob.converse(1);
      const listed = await bob.list();
      assert.deepEqual(
        listed.sessions.map(({ session_id }) => session_id),
        [own],
      );
      assert.equal(sessions.includes(own), false);
    });

    it('gives no access to a foreign successor by its id', async () => {
      const { store, ann, sessions } = await sessionsOfAnn();
      const bob = new Actor(store, 'bob');
      const rolledOver = sessions.at(-1) ?? '';
      const { session } = await ann.get(rolledOver);
      assert.notEqual(session.session_id, rolledOver);
      const { session: own } = await bob.get(session.session_id, { recover: true });
      assert.equal(own.user_id, 'bob');
      assert.notEqual(own.session_id, session.session_id);
      assert.equal(own.message_seq, 0);
    });
  });
