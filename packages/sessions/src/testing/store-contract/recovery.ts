import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { successorId } from '../../successor-id.ts';
import { Actor, newMessages, SOMEBODY } from '../actor.ts';
import { assertContinued, assertEnded, assertExpired, assertNotFound } from '../assert-fails.ts';
import type { StoreContract } from '../store-harness.ts';

export const recoveryContract: StoreContract = (open) =>
  describe('recovery', () => {
    /** An expired session with five messages, and the id that its successor will have. */
    const expired = async () => {
      const harness = open();
      const ann = new Actor(harness.store, 'ann');
      const session_id = await ann.converse(5);
      harness.advance(harness.limits.idleTimeoutMs);
      return { ...harness, ann, session_id, successor: successorId('ann', session_id) };
    };

    it('opens the successor of an expired session on request', async () => {
      const { ann, session_id, successor } = await expired();
      await assertExpired(ann.get(session_id));
      const { session, recovered, rolled_over } = await ann.get(session_id, { recover: true });
      assert.deepEqual([recovered, rolled_over], [true, false]);
      assert.deepEqual(session, {
        ...session,
        ...SOMEBODY,
        session_id: successor,
        user_id: 'ann',
        status: 'active',
        continues: session_id,
        message_seq: 0,
      });
      const { sessions } = await ann.list({ status: 'expired' });
      assert.deepEqual(
        sessions.map((found) => [found.session_id, found.continued_by]),
        [[session_id, successor]],
      );
    });

    it('includes the context of the predecessor in the successor', async () => {
      const { ann, session_id, successor } = await expired();
      const appended = await ann.append(session_id, newMessages(1), { recover: true, context_limit: 3 });
      assert.equal(appended.session_id, successor);
      assert.deepEqual([appended.recovered, appended.rolled_over], [true, false]);
      assert.equal(appended.messages[0]?.seq, 1);
      assert.deepEqual(
        appended.context?.map(({ seq, content }) => [seq, content]),
        [
          [-4, 'question 4'],
          [-5, 'question 5'],
          [1, 'question 1'],
        ],
      );
      assert.equal((await ann.history(successor)).messages.length, 1);
      assert.equal((await ann.history(session_id)).messages.length, 5);
    });

    it('leads to the same successor again, with its messages', async () => {
      const { ann, session_id, successor } = await expired();
      await ann.append(session_id, newMessages(1), { recover: true });
      const got = await ann.get(session_id, { recover: true });
      assert.deepEqual([got.session.session_id, got.session.message_seq], [successor, 1]);
      assert.equal(got.recovered, true);
      const appended = await ann.append(session_id, newMessages(1), { recover: true });
      assert.deepEqual([appended.session_id, appended.messages[0]?.seq], [successor, 2]);
      await assertExpired(ann.get(session_id));
      assert.equal((await ann.list()).sessions.length, 2);
    });

    it('opens a successor of the caller for an unknown id', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const unknown = randomUUID();
      await assertNotFound(ann.get(unknown));
      const { session, recovered } = await ann.get(unknown, { recover: true });
      assert.equal(recovered, true);
      assert.deepEqual(session, {
        ...session,
        ...SOMEBODY,
        session_id: successorId('ann', unknown),
        user_id: 'ann',
        continues: unknown,
      });
      const appended = await ann.append(unknown, newMessages(1), { recover: true });
      assert.deepEqual([appended.session_id, appended.messages[0]?.seq], [session.session_id, 1]);
      await assertNotFound(ann.get(unknown));
    });

    it('opens a separate successor for each caller of one unknown id', async () => {
      const { store } = open();
      const unknown = randomUUID();
      const [ann, bob] = [new Actor(store, 'ann'), new Actor(store, 'bob')];
      const forAnn = await ann.get(unknown, { recover: true });
      const forBob = await bob.get(unknown, { recover: true });
      assert.notEqual(forAnn.session.session_id, forBob.session.session_id);
      assert.deepEqual([forAnn.session.user_id, forBob.session.user_id], ['ann', 'bob']);
    });

    it('opens a successor of the caller for a foreign session without access to that session', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const bob = new Actor(store, 'bob');
      const session_id = await ann.converse(2);
      const { session: before } = await ann.get(session_id);
      const appended = await bob.append(session_id, newMessages(1), { recover: true, context_limit: 9 });
      assert.equal(appended.session_id, successorId('bob', session_id));
      assert.deepEqual([appended.recovered, appended.context?.length], [true, 1]);
      assert.deepEqual((await ann.get(session_id)).session, before);
    });

    it('refuses to reopen a session that its owner ended', async () => {
      const { store, advance, limits } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(1);
      await ann.end(session_id);
      await assertEnded(ann.get(session_id, { recover: true }));
      advance(limits.lifetimeMs);
      await assertEnded(ann.append(session_id, newMessages(1), { recover: true }));
      assert.equal((await ann.list()).sessions.length, 1);
    });

    it('finds a successor that was opened before its predecessor', async () => {
      const { store, limits, advance } = open();
      const ann = new Actor(store, 'ann');
      const later = randomUUID();
      const early = await ann.append(later, newMessages(1), { recover: true });
      await ann.create(later);
      advance(limits.idleTimeoutMs / 2);
      await ann.tell(early.session_id, 1);
      advance(limits.idleTimeoutMs / 2);
      const got = await ann.get(later, { recover: true });
      assert.deepEqual([got.session.session_id, got.session.message_seq], [early.session_id, 2]);
      const { sessions } = await ann.list();
      assert.equal(sessions.find((session) => session.session_id === later)?.continued_by, early.session_id);
    });

    it('continues in a further successor after the successor expired, and reports it to the next call', async () => {
      const { ann, session_id, successor, limits, advance } = await expired();
      await ann.append(session_id, newMessages(2), { recover: true });
      advance(limits.idleTimeoutMs);
      const next = successorId('ann', successor);
      const appended = await ann.append(session_id, newMessages(1), { recover: true });
      assert.deepEqual([appended.session_id, appended.recovered], [next, true]);
      await assertContinued(ann.get(session_id, { recover: true }), next);
      assert.equal((await ann.get(successor, { recover: true })).session.session_id, next);
      await assertExpired(ann.get(session_id));
    });
  });
