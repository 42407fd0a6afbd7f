import assert from 'node:assert/strict';
import { EMPTY_USER_INFO } from 'kb-sessions-contract/records';
import { type Caller, resolveOwner, resolveUserInfo } from '../src/caller.ts';

const caller: Caller = { user_id: 'ann', trusted: false, email: 'ann@example.com', name: 'Ann' };
const agent: Caller = { ...caller, user_id: 'agent', trusted: true };

describe('resolveOwner()', () => {
  it('is the caller where nobody is named', () => {
    assert.equal(resolveOwner(caller, undefined), 'ann');
    assert.equal(resolveOwner(agent, undefined), 'agent');
  });

  it('is whom a trusted caller names', () => {
    assert.equal(resolveOwner(agent, 'ann'), 'ann');
  });

  it('refuses any name from an untrusted caller, its own too', () => {
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

  it("has the token's e-mail and name where it has them, and never the payload's then", () => {
    assert.deepEqual(resolveUserInfo(caller, 'ann', given), {
      ...given,
      user_email: 'ann@example.com',
      user_name: 'Ann',
    });
  });

  it("has the payload's where the token has none", () => {
    assert.deepEqual(resolveUserInfo({ ...caller, email: null, name: null }, 'ann', given), given);
    assert.equal(resolveUserInfo({ ...caller, name: null }, 'ann', given).user_email, 'ann@example.com');
  });

  it('has null for what nobody said', () => {
    assert.deepEqual(resolveUserInfo({ ...caller, email: null, name: null }, 'ann'), EMPTY_USER_INFO);
    assert.equal(resolveUserInfo(caller, 'ann', { company: undefined }).company, null);
  });

  it('has null for a name in the token that a record cannot hold', () => {
    const name = 'ä'.repeat(101);
    assert.equal(resolveUserInfo({ ...caller, name }, 'ann', given).user_name, null);
  });

  it('is nobody where an agent acts for an owner', () => {
    assert.deepEqual(resolveUserInfo(agent, 'ann', given), EMPTY_USER_INFO);
  });
});
