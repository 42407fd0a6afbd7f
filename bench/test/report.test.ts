import assert from 'node:assert/strict';
import { documentedCosts } from '../../functions/test/support/documented-costs.ts';
import { parseMeasurement, readMeasurement } from '../report/measurement.ts';
import { generateDocuments, replaceBetweenMarkers } from '../report.ts';
import type { OperationName, ScaleResults } from '../scale/scale-results.ts';

describe('generateDocuments()', () => {
  for (const { path, current, generated } of generateDocuments()) {
    it(`${path.split('/').slice(-2).join('/')} shows the results of bench/results`, () => {
      assert.equal(current, generated, `regenerate ${path}: node bench/report.ts`);
    });
  }
});

describe('replaceBetweenMarkers()', () => {
  const document = 'a\n<!-- turn -->\nold\n<!-- /turn -->\nb\n<!-- load -->\n<!-- /load -->\nc\n';

  it('replaces the text between the markers of the name, and nothing else', () => {
    const replaced = replaceBetweenMarkers(document, 'turn', '$& and $1');
    assert.equal(replaced, document.split('\nold\n').join('\n\n$& and $1\n\n'));
    assert.equal(replaceBetweenMarkers(replaced, 'turn', '$& and $1'), replaced);
  });

  it('throws if a marker is missing or out of order', () => {
    for (const wrong of [document.replace('<!-- /turn -->', ''), '<!-- /turn -->\n<!-- turn -->'])
      assert.throws(() => replaceBetweenMarkers(wrong, 'turn', 'new'), /<!-- turn --> and <!-- \/turn -->/);
  });
});

/** Operations of the scale arithmetic, and their rows in docs/costs.md, which another test holds to the code. */
const ROWS: [operation: OperationName, row: string][] = [
  ['createSession', 'createSession'],
  ['getSession', 'getSession'],
  ['getHistory', 'getHistory, of 20 older messages'],
  ['addMessage, question', 'addMessage, with the newest 20 messages as context'],
  ['addMessage, answer', 'addMessage'],
  ['onMessageCreated', 'onMessageCreated, per message'],
  ['endSession', 'endSession'],
];

describe('the measured costs of operations', () => {
  const costs = documentedCosts();
  const { operations } = parseMeasurement<ScaleResults>(readMeasurement('scale')).results;
  for (const [operation, row] of ROWS) {
    it(`are the documented costs of ${operation}`, () => {
      const { reads, writes, trips } = operations[operation];
      const message = 'measure again: npm run bench -- scale';
      assert.equal(`${reads} / ${writes} / ${trips}`, costs.get(row), message);
    });
  }
});
