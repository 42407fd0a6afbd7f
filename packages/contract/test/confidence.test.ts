import assert from 'node:assert/strict';
import { averageConfidence } from '../src/confidence.ts';

describe('averageConfidence()', () => {
  it('returns null for a session without a confident answer, and 0 for answers without any confidence', () => {
    assert.equal(averageConfidence({ confidence_sum: 0, confidence_count: 0 }), null);
    assert.equal(averageConfidence({ confidence_sum: 0, confidence_count: 1 }), 0);
  });

  it('divides the sum of ten-thousandths by the number of answers', () => {
    assert.equal(averageConfidence({ confidence_sum: 15_000, confidence_count: 2 }), 0.75);
  });
});
