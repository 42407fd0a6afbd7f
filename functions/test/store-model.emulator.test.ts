import assert from 'node:assert/strict';
import { playRandom } from './model/play-random.ts';
import { frozenFirestoreHarness } from './support/firestore-harness.ts';

describe('FirestoreStore beside the model', () => {
  it('answers every random run as the model does, as many as 15 s have room for', async () => {
    const { runs } = await playRandom(frozenFirestoreHarness, {
      numRuns: 1000,
      interruptAfterTimeLimit: 15_000,
    });
    assert.ok(runs > 0);
    console.log(`      ${runs} runs`);
  }).timeout(120_000);
});
