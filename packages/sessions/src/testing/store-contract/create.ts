import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Actor, SOMEBODY } from '../actor.ts';
import { assertNotFound } from '../assert-fails.ts';
import type { StoreContract } from '../store-harness.ts';

export const createContract: StoreContract = (open) =>
  describe('create()', () => {
    it('opens an active session of the owner, without messages', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const session_id = randomUUID();
      const created = await ann.create(session_id);
      const { session } = await ann.get(session_id);
      assert.deepEqual(created, {
        session_id,
        expires_at: session.expires_at,
        durability: store.durability,
        held_by: null,
      });
      const { created_at, last_activity, expires_at, ...rest } = session;
      assert.equal(last_activity, created_at);
      assert.deepEqual(rest, {
        session_id,
        user_id: 'ann',
        ...SOMEBODY,
        status: 'active',
        ended_at: null,
        end_reason: null,
        continues: null,
        continued_by: null,
        message_seq: 0,
        message_count: 0,
        total_queries: 0,
        escalations: 0,
        escalation_reason: null,
        feedback_positive: 0,
        feedback_negative: 0,
        avg_confidence: null,
        conversation_summary: '',
        fallback: false,
      });
    });

    it("expires after the idle timeout, counted from the store's time", async () => {
      const { store, limits, now } = open();
      const ann = new Actor(store, 'ann');
      const before = now();
      const { session_id, expires_at } = await ann.create();
      const { session } = await ann.get(session_id);
      assert.equal(Date.parse(expires_at), Date.parse(session.created_at) + limits.idleTimeoutMs);
      assert.ok(Math.abs(Date.parse(session.created_at) - before) < limits.touchIntervalMs);
    });

    it('expires after the lifetime when that is shorter', async () => {
      const { store } = open({ idleTimeoutMs: 600_000, lifetimeMs: 300_000 });
      const ann = new Actor(store, 'ann');
      const { session_id, expires_at } = await ann.create();
      const { session } = await ann.get(session_id);
      assert.equal(Date.parse(expires_at), Date.parse(session.created_at) + 300_000);
    });

    it('repeats its first answer to a repeated call and opens nothing', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const first = await ann.create();
      await ann.tell(first.session_id, 1);
      const { session } = await ann.get(first.session_id);
      const again = await ann.create(first.session_id);
      assert.deepEqual({ ...again, expires_at: null }, { ...first, expires_at: null });
      const { sessions } = await ann.list();
      assert.deepEqual(
        sessions.map(({ session_id, message_seq }) => ({ session_id, message_seq })),
        [{ session_id: session.session_id, message_seq: 1 }],
      );
    });

    it('refuses the id of another user like a missing one, and leaves that session unchanged', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const bob = new Actor(store, 'bob');
      const { session_id } = await ann.create();
      const { session: before } = await ann.get(session_id);
      await assertNotFound(bob.create(session_id));
      assert.deepEqual((await ann.get(session_id)).session, before);
      assert.deepEqual((await bob.list()).sessions, []);
    });

    it('repeats its first answer to the owner in any state of the session', async () => {
      const { store, limits, advance } = open();
      const ann = new Actor(store, 'ann');
      const [idle, ended, full] = [await ann.create(), await ann.create(), await ann.create()];
      await ann.end(ended.session_id);
      assert.deepEqual(await ann.create(ended.session_id), ended);
      await ann.tell(full.session_id, limits.messagesPerSession + 1);
      assert.equal((await ann.create(full.session_id)).session_id, full.session_id);
      advance(limits.idleTimeoutMs);
      assert.deepEqual(await ann.create(idle.session_id), idle);
      assert.equal((await ann.list({ status: 'active' })).sessions.length, 0);
    });
  });
