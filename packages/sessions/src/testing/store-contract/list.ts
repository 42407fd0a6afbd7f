import assert from 'node:assert/strict';
import type { Status } from 'kb-sessions-contract/records';
import { Actor } from '../actor.ts';
import { assertFails } from '../assert-fails.ts';
import type { StoreContract } from '../store-harness.ts';

export const listContract: StoreContract = (open) =>
  describe('list()', () => {
    /** The ids of the sessions on all pages. */
    const allPages = async (ann: Actor, limit: number, status: Status | null = null) => {
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await ann.list({ limit, cursor, status });
        assert.ok(page.sessions.length <= limit);
        assert.ok(page.next_cursor === null || page.next_cursor !== cursor, 'a list goes on where it was');
        ids.push(...page.sessions.map(({ session_id }) => session_id));
        cursor = page.next_cursor;
      } while (cursor !== null);
      return ids;
    };

    it('returns the sessions of the owner, newest first, in the form of get()', async () => {
      const { store, advance } = open();
      const ann = new Actor(store, 'ann');
      const older = await ann.converse(1);
      advance(1000);
      const newer = await ann.converse(2);
      await new Actor(store, 'bob').converse(1);
      const { sessions, next_cursor } = await ann.list();
      assert.deepEqual(sessions, [(await ann.get(newer)).session, (await ann.get(older)).session]);
      assert.equal(next_cursor, null);
    });

    it('returns every session once, page by page, even with equal times', async () => {
      const { store, advance } = open();
      const ann = new Actor(store, 'ann');
      const created = await Promise.all(Array.from({ length: 4 }, () => ann.create()));
      advance(1000);
      const last = await ann.create();
      for (const limit of [1, 2, 3, 5, 50]) {
        const ids = await allPages(ann, limit);
        assert.equal(ids[0], last.session_id);
        assert.deepEqual(ids.toSorted(), [...created, last].map(({ session_id }) => session_id).toSorted());
      }
    });

    it('continues after its cursor when sessions are opened meanwhile', async () => {
      const { store, advance } = open();
      const ann = new Actor(store, 'ann');
      const oldest = await ann.create();
      advance(1000);
      await ann.create();
      const { next_cursor } = await ann.list({ limit: 1 });
      advance(1000);
      await ann.create();
      const { sessions } = await ann.list({ cursor: next_cursor });
      assert.deepEqual(
        sessions.map(({ session_id }) => session_id),
        [oldest.session_id],
      );
    });

    it('returns the sessions of a status, and those past their expires_at as expired', async () => {
      const { store, limits, advance } = open();
      const ann = new Actor(store, 'ann');
      const expired = await ann.converse(1);
      const escalatedOnce = await ann.converse(1);
      await ann.escalate(escalatedOnce);
      const ended = await ann.converse(1);
      await ann.end(ended);
      advance(limits.idleTimeoutMs);
      const escalated = await ann.converse(1);
      await ann.escalate(escalated);
      const active = await ann.converse(1);
      for (const limit of [1, 50]) {
        assert.deepEqual(await allPages(ann, limit, 'active'), [active]);
        assert.deepEqual(await allPages(ann, limit, 'escalated'), [escalated]);
        assert.deepEqual(await allPages(ann, limit, 'ended'), [ended]);
        assert.deepEqual(
          (await allPages(ann, limit, 'expired')).toSorted(),
          [expired, escalatedOnce].toSorted(),
        );
      }
    });

    it('is empty for an owner without sessions', async () => {
      const { store } = open();
      await new Actor(store, 'bob').create();
      assert.deepEqual(await new Actor(store, 'ann').list(), { sessions: [], next_cursor: null });
    });

    it('refuses a cursor that list() did not return', async () => {
      const { store } = open();
      const ann = new Actor(store, 'ann');
      for (const cursor of ['', 'x', Buffer.from('["2026",1]').toString('base64url')]) {
        await assertFails(ann.list({ cursor }), 'invalid-argument', { field: 'cursor' });
      }
    });
  });
