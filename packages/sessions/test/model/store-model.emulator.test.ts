import assert from 'node:assert/strict';
import { testSize } from '../../src/testing/test-size.ts';
import { frozenFirestoreHarness } from '../support/firestore-harness.ts';
import { playRandom } from './play-random.ts';

/** Every run of `npm test` plays the same steps. */
const RUNS = testSize({ test: 12, soak: 200 });
const SEED = 2000;
/** Fewer kinds of answers show too little. */
const MIN_SEEN = 4;

describe('FirestoreStore, compared with the model,', () => {
  it('gives the same answers in every random run', async () => {
    const { seen } = await playRandom(frozenFirestoreHarness, { numRuns: RUNS, seed: SEED });
    console.log(`      ${RUNS} runs led to ${[...seen].join(', ')}`);
    assert.ok(seen.size >= MIN_SEEN, `found ${seen.size} kinds of answers`);
  }).timeout(testSize({ test: 120_000, soak: 0 }));
});
