import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Firestore } from 'firebase-admin/firestore';
import { testSize } from 'kb-sessions/internal/testing/test-size';
import { FirestoreModel } from 'kb-sessions-testing';
import { modelClient } from './model-client.ts';
import { playHistory } from './play-history.ts';
import { history } from './rpc-history.ts';

/** Every run of `npm test` plays the same histories. */
const RUNS = testSize({ test: 60, soak: 5000 });
const SEED = 2000;

/** What the random histories must lead to, or they test less than they seem to. */
const CODES = ['5', '6', '9'];

describe('the Firestore model, compared with the emulator,', () => {
  let emulator: Firestore;
  before(() => {
    assert.ok(process.env.FIRESTORE_EMULATOR_HOST, 'npm test sees to a Firestore emulator');
    emulator = new Firestore({ projectId: `demo-${randomUUID()}` });
  });
  after(() => emulator.terminate());

  it('gives the same answers in every random history of RPCs', async () => {
    const codes = new Set<string>();
    let [runs, answered] = [0, 0];
    const agrees = fc.asyncProperty(history, async (steps) => {
      const db = modelClient(new FirestoreModel(Date.now));
      const collection = `run-${randomUUID()}`;
      const expected = await playHistory(emulator, collection, steps);
      assert.deepEqual(await playHistory(db, collection, steps), expected);
      runs += 1;
      answered += expected.length;
      for (const [, code] of JSON.stringify(expected).matchAll(/"code":(\d+)/g)) codes.add(String(code));
    });
    await fc.assert(agrees, { numRuns: RUNS, seed: SEED });
    console.log(`${runs} histories, ${answered} answers alike, refusals with codes ${[...codes].toSorted()}`);
    assert.deepEqual(
      CODES.filter((code) => !codes.has(code)),
      [],
    );
  }).timeout(testSize({ test: 120_000, soak: 0 }));
});
