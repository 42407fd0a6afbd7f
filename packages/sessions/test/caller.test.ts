import assert from 'node:assert/strict';
import { EMPTY_USER_INFO } from 'kb-sessions-contract/records';
import { type Caller, resolveOwner, resolveUserInfo } from '../src/caller.ts';

const caller: Caller = { user_id: 'ann', trusted: false, email: 'ann@example.com', name: 'Ann' };
const agent: Caller = { ...caller, user_id: 'agent', trusted: true };

describe('resolveOwner()', () => {
  it('returns the caller when the payload names no owner', () => {
    assert.equal(resolveOwner(caller, undefined), 'ann');
    assert.equal(resolveOwner(agent, undefined), 'agent');
  });

  it('returns the owner that a trusted caller names', () => {
    assert.equal(resolveOwner(agent, 'ann'), 'ann');
  });

  it('refuses every owner name from an untrusted caller, even its own', () => {
    for (const named of ['bob', 'ann']) {
      assert.throws(() => resolveOwner(caller, named), {
        code: 'permission-denied',
        details: { field: 'user_id' },
      });
    }
  });
});

describe('resolveUserInfo()', () => {
  const given = {
    user_email: 'mallory@example.com',
    user_name: 'Mallory',
    company: 'Acme',
    division: 'north',
    user_type: 'buyer',
  };

  it('prefers the e-mail address and the name of the token to those of the payload', () => {
    assert.deepEqual(resolveUserInfo(caller, 'ann', given), {
      ...given,
      user_email: 'ann@example.com',
      user_name: 'Ann',
    });
  });

  it('falls back to the payload when the token has neither', () => {
    assert.deepEqual(resolveUserInfo({ ...caller, email: null, name: null }, 'ann', given), given);
    assert.equal(resolveUserInfo({ ...caller, name: null }, 'ann', given).user_email, 'ann@example.com');
  });

  it('returns null for values that neither the token nor the payload has', () => {
    assert.deepEqual(resolveUserInfo({ ...caller, email: null, name: null }, 'ann'), EMPTY_USER_INFO);
    assert.equal(resolveUserInfo(caller, 'ann', { company: undefined }).company, null);
  });

  it('returns null for a token name that a record cannot store', () => {
    const name = 'ä'.repeat(101);
    assert.equal(resolveUserInfo({ ...caller, name }, 'ann', given).user_name, null);
  });

  it('returns an empty user when an agent acts for an owner', () => {
    assert.deepEqual(resolveUserInfo(agent, 'ann', given), EMPTY_USER_INFO);
  });
});
