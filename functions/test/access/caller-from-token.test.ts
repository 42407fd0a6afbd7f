import assert from 'node:assert/strict';
import { callerFromToken } from '../../src/access/caller-from-token.ts';
import { signedIn } from '../support/signed-in.ts';

describe('callerFromToken()', () => {
  it('refuses a call without a token', () => {
    assert.throws(() => callerFromToken(undefined), { name: 'SessionError', code: 'unauthenticated' });
  });

  it('reads uid, e-mail and name from the token', () => {
    assert.deepEqual(callerFromToken(signedIn({ email: 'ann@example.com', name: 'Ann' })), {
      user_id: 'ann',
      trusted: false,
      admin: false,
      email: 'ann@example.com',
      name: 'Ann',
    });
  });

  it('returns null for a missing, empty or non-text e-mail or name', () => {
    for (const value of [undefined, null, '', 7, { a: 1 }]) {
      const { email, name } = callerFromToken(signedIn({ email: value, name: value }));
      assert.deepEqual([email, name], [null, null]);
    }
  });

  it('reads the claims "agent" and "admin" independently', () => {
    const claimsOf = (claims: object) => {
      const { trusted, admin } = callerFromToken(signedIn(claims));
      return { trusted, admin };
    };
    assert.deepEqual(claimsOf({ agent: true }), { trusted: true, admin: false });
    assert.deepEqual(claimsOf({ admin: true }), { trusted: false, admin: true });
  });

  it('accepts a claim only when it is exactly true', () => {
    for (const value of [false, 'true', 1, {}, [], [true], null, undefined, new Boolean(true)]) {
      const { trusted, admin } = callerFromToken(signedIn({ agent: value, admin: value }));
      assert.deepEqual([trusted, admin], [false, false]);
    }
  });

  it('accepts a claim only as an own property of the token', () => {
    const { trusted, admin } = callerFromToken(signedIn(Object.create({ agent: true, admin: true })));
    assert.deepEqual([trusted, admin], [false, false]);
  });
});
