import assert from 'node:assert/strict';
import { testSize } from '../../src/testing/test-size.ts';
import { memoryHarness } from '../support/memory-harness.ts';
import { playRandom } from './play-random.ts';

/** What random steps must lead to, or they test less than they seem to. */
const WORTH_SEEING = [
  'not-found',
  'already-exists',
  'ended',
  'expired',
  'continued',
  'recovered',
  'rolled over',
  'repeated',
];

describe('MemoryStore, compared with the model,', () => {
  it('gives the same answers in every random run', async () => {
    const { seen } = await playRandom(memoryHarness, { numRuns: testSize({ test: 300, soak: 1500 }) });
    assert.deepEqual([...seen].toSorted(), WORTH_SEEING.toSorted());
  });
});
