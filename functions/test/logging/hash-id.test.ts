import assert from 'node:assert/strict';
import { createIdHasher } from '../../src/logging/hash-id.ts';

describe('createIdHasher()', () => {
  it('returns one hash for an id and a salt on all instances', () => {
    assert.equal(createIdHasher('salt')('ann'), createIdHasher('salt')('ann'));
    assert.notEqual(createIdHasher('salt')('ann'), createIdHasher('salt')('bob'));
    assert.match(createIdHasher('salt')('ann'), /^[0-9a-f]{16}$/);
  });

  it('returns another hash for another salt and for a random one', () => {
    const hashed = createIdHasher(null);
    assert.equal(hashed('ann'), hashed('ann'));
    const hashes = [hashed, createIdHasher(null), createIdHasher('salt'), createIdHasher('other')].map(
      (each) => each('ann'),
    );
    assert.equal(new Set(hashes).size, hashes.length);
  });
});
