import assert from 'node:assert/strict';
import { hasher } from '../src/hasher.ts';

describe('hasher()', () => {
  it('has one hash for an id and a salt, with which instances agree', () => {
    assert.equal(hasher('salt')('ann'), hasher('salt')('ann'));
    assert.notEqual(hasher('salt')('ann'), hasher('salt')('bob'));
    assert.match(hasher('salt')('ann'), /^[0-9a-f]{16}$/);
  });

  it('has another for another salt, also where none is given', () => {
    const hashed = hasher(null);
    assert.equal(hashed('ann'), hashed('ann'));
    const hashes = [hashed, hasher(null), hasher('salt'), hasher('other')].map((each) => each('ann'));
    assert.equal(new Set(hashes).size, hashes.length);
  });
});
