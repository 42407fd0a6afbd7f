import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { FirestoreStore } from 'kb-sessions/firestore';
import { Actor, newMessages } from 'kb-sessions/internal/testing/actor';
import { assertExpired } from 'kb-sessions/internal/testing/assert-fails';
import { SMALL_LIMITS } from 'kb-sessions/internal/testing/small-limits';
import { FirestoreModel } from 'kb-sessions-testing';
import { frozenTime } from '../../../packages/sessions/test/support/frozen-time.ts';
import { modelClient } from '../simulation/model-client.ts';

const YEAR_MS = 365 * 24 * 60 * 60_000;

describe('the clock of an instance', () => {
  afterEach(() => mock.restoreAll());

  for (const [what, by] of [
    ['ahead', YEAR_MS],
    ['behind', -YEAR_MS],
  ] as const) {
    it(`changes no time and no expiry, ${what} by a year`, async () => {
      const { now, advance } = frozenTime();
      const store = new FirestoreStore({
        db: modelClient(new FirestoreModel(now)),
        limits: SMALL_LIMITS,
        deadlineMs: 30_000,
        now: (readTime) => readTime.toMillis(),
        random: () => 0,
      });
      const ann = new Actor(store, 'ann');
      mock.method(Date, 'now', () => now() + by);
      const { session_id, expires_at } = await ann.create();
      const lasts = Date.parse(expires_at) - now();
      assert.ok(Math.abs(lasts - SMALL_LIMITS.idleTimeoutMs) < 1000, `${lasts} ms`);

      advance(SMALL_LIMITS.idleTimeoutMs - 1000);
      await ann.append(session_id, newMessages(1));
      const { session } = await ann.get(session_id);
      assert.equal(session.status, 'active');
      assert.ok(Math.abs(Date.parse(session.last_activity) - now()) < 1000, session.last_activity);

      advance(SMALL_LIMITS.idleTimeoutMs + 1000);
      await assertExpired(ann.append(session_id, newMessages(1)));
    });
  }
});
