import assert from 'node:assert/strict';
import { frozenFirestoreHarness } from '../../../functions/test/simulation/firestore-on-model.ts';
import { Actor } from '../src/testing/actor.ts';
import { memoryHarness } from './support/memory-harness.ts';

for (const [name, makeHarness] of [
  ['MemoryStore', memoryHarness],
  ['FirestoreStore', frozenFirestoreHarness],
] as const) {
  describe(`${name} list()`, () => {
    it('sorts sessions of the same millisecond by id over all pages', async () => {
      const { store } = makeHarness();
      const ann = new Actor(store, 'ann');
      const ids: string[] = [];
      for (let session = 0; session < 12; session += 1) ids.push((await ann.create()).session_id);
      const found: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof ann.list>> = await ann.list({ limit: 5, cursor });
        found.push(...page.sessions.map(({ session_id }) => session_id));
        cursor = page.next_cursor;
      } while (cursor !== null);
      assert.deepEqual(found, ids.toSorted().toReversed());
    });

    it('fills a page with matching sessions as far as they exist', async () => {
      const { store, advance } = makeHarness();
      const ann = new Actor(store, 'ann');
      const { session_id } = await ann.create();
      await ann.end(session_id);
      advance(1);
      for (let session = 0; session < 3; session += 1) await ann.create();
      const { sessions } = await ann.list({ limit: 1, status: 'ended' });
      assert.deepEqual(
        sessions.map((session) => session.session_id),
        [session_id],
      );
    });
  });
}
