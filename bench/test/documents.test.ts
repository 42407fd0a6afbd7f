import assert from 'node:assert/strict';
import { documents } from '../report/documents.ts';

describe('documents()', () => {
  it('are README.md and docs/scale.md as they stand, so they show what bench/results holds', () => {
    const found = documents();
    assert.deepEqual(
      found.map(({ path }) => path.split('/').slice(-2).join('/')),
      ['bench/README.md', 'docs/scale.md'],
    );
    for (const { path, before, after } of found) {
      assert.equal(before, after, `${path} must be as node bench/tables.ts makes it`);
    }
  });
});
