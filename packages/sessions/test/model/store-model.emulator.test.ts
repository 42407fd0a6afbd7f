import assert from 'node:assert/strict';
import { frozenFirestoreHarness } from '../support/firestore-harness.ts';
import { playRandom } from './play-random.ts';

/** A slow machine plays fewer; below this they show too little. */
const MIN_RUNS = 8;
const MIN_SEEN = 4;

describe('FirestoreStore, compared with the model,', () => {
  it('gives the same answers in every random run of 15 s', async () => {
    const { runs, seen } = await playRandom(frozenFirestoreHarness, {
      numRuns: 1000,
      interruptAfterTimeLimit: 15_000,
    });
    console.log(`      ${runs} runs, which led to ${[...seen].join(', ')}`);
    assert.ok(runs >= MIN_RUNS, `${MIN_RUNS} runs at least, found ${runs}`);
    assert.ok(seen.size >= MIN_SEEN, `${MIN_SEEN} kinds of answers at least`);
  }).timeout(120_000);
});
