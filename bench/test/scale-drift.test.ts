import assert from 'node:assert/strict';
import { documentedCosts } from '../../functions/test/support/documented-costs.ts';
import { keptMeasurement, type Measurement } from '../report/measurement.ts';
import type { ScaleResults } from '../scale/scale-results.ts';

/** Operations of the arithmetic, and the rows of the README that another test holds to the code. */
const ROWS: readonly (readonly [operation: keyof ScaleResults['operations'], row: string])[] = [
  ['createSession', 'createSession'],
  ['getSession', 'getSession'],
  ['getHistory', 'getHistory, of 20 older messages'],
  ['addMessage, question', 'addMessage, with the newest 20 messages as context'],
  ['addMessage, answer', 'addMessage'],
  ['onMessageCreated', 'onMessageCreated, per message'],
  ['endSession', 'endSession'],
];

describe('what docs/scale.md starts from', () => {
  const costs = documentedCosts();
  const { results }: Measurement<ScaleResults> = JSON.parse(keptMeasurement('scale'));
  for (const [operation, row] of ROWS) {
    it(`is what ${operation} costs today`, () => {
      const { reads, writes, trips } = results.operations[operation];
      assert.equal(
        `${reads} / ${writes} / ${trips}`,
        costs.get(row),
        'measure again: npm run bench -- scale',
      );
    });
  }
});
