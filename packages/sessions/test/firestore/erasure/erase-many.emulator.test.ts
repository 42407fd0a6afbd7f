import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eraseUser } from '../../../src/firestore/index.ts';
import { testSize } from '../../../src/testing/test-size.ts';
import { leftOf } from '../../fixtures/chats.ts';
import { store } from '../../fixtures/documents.ts';
import { withCommits } from '../../fixtures/override-methods.ts';
import { messageOf, OWNER, sessionOf } from '../../fixtures/records.ts';
import { firestoreHarness } from '../../support/firestore-harness.ts';

const MESSAGES = testSize({ test: 3000, soak: 100_000 });
const PER_SESSION = 50;
const MEGABYTE = 2 ** 20;
/** The contents of a hundred pages are many times that. */
const MOST_BYTES = 24 * MEGABYTE;

describe(`eraseUser() of ${MESSAGES} messages`, function () {
  this.timeout(testSize({ test: 120_000, soak: 0 }));

  it('holds at most one page of them in memory', async () => {
    const harness = firestoreHarness();
    try {
      for (let stored = 0; stored < MESSAGES; stored += 1000) {
        await store(harness.context, {
          sessions: Array.from({ length: 1000 / PER_SESSION }, () => sessionOf({ user_id: OWNER })),
          messages: Array.from({ length: 1000 }, () => messageOf({ user_id: OWNER, content: text() })),
        });
      }
      const before = heapBytes();
      let most = 0;
      const db = withCommits(harness.context.db, (commit) => {
        most = Math.max(most, heapBytes() - before);
        return commit();
      });
      const began = performance.now();
      const receipt = await eraseUser(
        { ...harness.context, db },
        { owner: OWNER, evict: async () => 0, deadline: Number.POSITIVE_INFINITY, clock: Date.now },
      );
      const seconds = (performance.now() - began) / 1000;
      assert.deepEqual(receipt.firestore, { sessions: MESSAGES / PER_SESSION, messages: MESSAGES });
      assert.deepEqual(await leftOf(harness.context, OWNER), []);
      const documents = MESSAGES + MESSAGES / PER_SESSION;
      console.log(
        `      ${documents} documents in ${seconds.toFixed(1)} s, ${Math.round(documents / seconds)} a second; heap grown by at most ${(most / MEGABYTE).toFixed(1)} MB`,
      );
      assert.ok(most < MOST_BYTES, `heap grown by ${most}`);
    } finally {
      await harness.close();
    }
  });
});

/** A text of its own: one that is made by repeating takes no memory. */
const text = (): string => Buffer.alloc(1000, 'x').toString('latin1');

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const heapBytes = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};
