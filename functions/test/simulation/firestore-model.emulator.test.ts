import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Firestore } from 'firebase-admin/firestore';
import { FirestoreModel } from 'kb-sessions-testing';
import { modelClient } from './model-client.ts';
import { playHistory } from './play-history.ts';
import { history } from './rpc-history.ts';

const FOR_MS = Number(process.env.HONESTY_MS ?? 10_000);

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
    await fc.assert(agrees, { numRuns: 1_000_000, interruptAfterTimeLimit: FOR_MS });
    console.log(`${runs} histories, ${answered} answers alike, refusals with codes ${[...codes].toSorted()}`);
    assert.deepEqual(
      CODES.filter((code) => !codes.has(code)),
      [],
    );
  }).timeout(FOR_MS + 60_000);
});
