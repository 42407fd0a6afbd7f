import assert from 'node:assert/strict';
import { EMPTY_USER_INFO } from 'kb-sessions-contract/records';
import { type Caller, ownerFor, userFor } from '../src/caller.ts';

const caller: Caller = { user_id: 'ann', trusted: false, email: 'ann@example.com', name: 'Ann' };
const agent: Caller = { ...caller, user_id: 'agent', trusted: true };

describe('ownerFor()', () => {
  it('returns the caller when the payload names no owner', () => {
    assert.equal(ownerFor(caller, undefined), 'ann');
    assert.equal(ownerFor(agent, undefined), 'agent');
  });

  it('returns the owner that a trusted caller names', () => {
    assert.equal(ownerFor(agent, 'ann'), 'ann');
  });

  it('refuses every owner name from an untrusted caller, even its own', () => {
    for (const named of ['bob', 'ann']) {
      assert.throws(() => ownerFor(caller, named), {
        code: 'permission-denied',
        details: { field: 'user_id' },
      });
    }
  });
});

describe('userFor()', () => {
  const given = {
    user_email: 'mallory@example.com',
    user_name: 'Mallory',
    company: 'Acme',
    division: 'north',
    user_type: 'buyer',
  };

  it('prefers the e-mail address and the name of the token to those of the payload', () => {
    assert.deepEqual(userFor(caller, 'ann', given), {
      ...given,
      user_email: 'ann@example.com',
      user_name: 'Ann',
    });
  });

  it('falls back to the payload when the token has neither', () => {
    assert.deepEqual(userFor({ ...caller, email: null, name: null }, 'ann', given), given);
    assert.equal(userFor({ ...caller, name: null }, 'ann', given).user_email, 'ann@example.com');
  });

  it('returns null for values that neither the token nor the payload has', () => {
    assert.deepEqual(userFor({ ...caller, email: null, name: null }, 'ann'), EMPTY_USER_INFO);
    assert.equal(userFor(caller, 'ann', { company: undefined }).company, null);
  });

  it('returns null for a token name that a record cannot store', () => {
    const name = 'ä'.repeat(101);
    assert.equal(userFor({ ...caller, name }, 'ann', given).user_name, null);
  });

  it('returns an empty user when an agent acts for an owner', () => {
    assert.deepEqual(userFor(agent, 'ann', given), EMPTY_USER_INFO);
  });
});
