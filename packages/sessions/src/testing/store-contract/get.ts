import assert from 'node:assert/strict';
import { sessionViewSchema } from 'kb-sessions-contract/views';
import { Actor } from '../actor.ts';
import type { StoreContract } from '../store-harness.ts';

export const getContract: StoreContract = (open) =>
  describe('get()', () => {
    it('returns the owner-visible fields of the session', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      const session_id = await ann.converse(2);
      const { session, ...rest } = await ann.get(session_id);
      assert.deepEqual(sessionViewSchema.parse(session), session);
      assert.equal(session.session_id, session_id);
      assert.equal(session.message_seq, 2);
      assert.deepEqual(rest, {
        recovered: false,
        rolled_over: false,
        durability: store.durability,
        metadata: null,
      });
    });

    it('extends the session, but at most once per touchEveryMs', async () => {
      const { store, limits, advance } = open();
      const ann = new Actor(store, 'ann');
      const { session_id, expires_at } = await ann.create();
      advance(limits.touchIntervalMs / 2);
      assert.equal((await ann.get(session_id)).session.expires_at, expires_at);

      advance(limits.touchIntervalMs / 2);
      const { session } = await ann.get(session_id);
      assert.ok(Date.parse(session.expires_at) >= Date.parse(expires_at) + limits.touchIntervalMs);
      assert.equal(Date.parse(session.expires_at), Date.parse(session.last_activity) + limits.idleTimeoutMs);
      assert.deepEqual((await ann.get(session_id)).session, session);
    });

    it('never moves expires_at beyond the lifetime', async () => {
      const { store, limits, advance } = open();
      const ann = new Actor(store, 'ann');
      const { session_id } = await ann.create();
      const steps = Math.floor(limits.lifetimeMs / (limits.idleTimeoutMs / 2)) - 1;
      for (let step = 0; step < steps; step += 1) {
        advance(limits.idleTimeoutMs / 2);
        await ann.get(session_id);
      }
      const { session } = await ann.get(session_id);
      assert.equal(Date.parse(session.expires_at), Date.parse(session.created_at) + limits.lifetimeMs);
    });
  });
