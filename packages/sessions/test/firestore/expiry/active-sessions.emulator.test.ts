import assert from 'node:assert/strict';
import { contract } from 'kb-sessions-contract';
import { toIsoTime } from '../../../src/clock.ts';
import { countActiveSessions, listActiveSessions } from '../../../src/firestore/index.ts';
import type { Session } from '../../../src/index.ts';
import { terminate } from '../../../src/lifecycle.ts';
import { store } from '../../fixtures/documents.ts';
import { sessionOf } from '../../fixtures/records.ts';
import { type FirestoreHarness, frozenFirestoreHarness } from '../../support/firestore-harness.ts';

/** More than the 15 shards that one query takes, and more than two times as many. */
const SHARDS = 32;

describe('the queries of active sessions', () => {
  let harness: FirestoreHarness;
  let open: Session[];
  before(async () => {
    harness = frozenFirestoreHarness({ expiryShards: SHARDS });
    const now = harness.now();
    const openOne = (fields: Partial<Session>) => sessionOf({ expires_at: toIsoTime(now + 1), ...fields });
    open = Array.from({ length: SHARDS }, (_, expiry_shard) =>
      openOne({ expiry_shard, status: expiry_shard % 3 === 0 ? 'escalated' : 'active' }),
    );
    const unswept = [0, 14, 15, 31].map((expiry_shard) =>
      openOne({ expiry_shard, expires_at: toIsoTime(now) }),
    );
    const over = [
      terminate(openOne({}), now),
      sessionOf({ status: 'expired', expires_at: toIsoTime(now + 1) }),
    ];
    await store(harness.context, { sessions: [...open, ...unswept, ...over] });
  });
  after(() => harness.close());

  it('count open sessions of every shard, but none that is over or past its expires_at', async () => {
    assert.equal(await countActiveSessions(harness.context), open.length);
  });

  for (const limit of [1, 5, 36, 50]) {
    it(`list each open session once, ${limit} at a time, by id`, async () => {
      const found: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof listActiveSessions>> = await listActiveSessions(
          harness.context,
          {
            limit,
            cursor,
          },
        );
        assert.ok(page.sessions.length <= limit);
        contract.getActiveSessions.output.shape.sessions.parse(page.sessions);
        found.push(...page.sessions.map(({ session_id }) => session_id));
        cursor = page.next_cursor;
      } while (cursor !== null);
      assert.deepEqual(found, open.map(({ session_id }) => session_id).sort());
    });
  }

  it('return nothing when no session is open', async () => {
    const empty = frozenFirestoreHarness();
    try {
      assert.equal(await countActiveSessions(empty.context), 0);
      const page = await listActiveSessions(empty.context, { limit: 5, cursor: null });
      assert.deepEqual(page, { sessions: [], next_cursor: null });
    } finally {
      await empty.close();
    }
  });
});
