import assert from 'node:assert/strict';
import { callerFromToken } from '../../src/access/caller-from-token.ts';
import { signedIn } from '../support/signed-in.ts';

describe('callerFromToken()', () => {
  it('refuses a call without a token', () => {
    assert.throws(() => callerFromToken(undefined), { name: 'SessionError', code: 'unauthenticated' });
  });

  it('takes uid, e-mail and name from the token', () => {
    assert.deepEqual(callerFromToken(signedIn({ email: 'ann@example.com', name: 'Ann' })), {
      user_id: 'ann',
      trusted: false,
      admin: false,
      email: 'ann@example.com',
      name: 'Ann',
    });
  });

  it('has null for an e-mail or name that is missing, empty or no text', () => {
    for (const value of [undefined, null, '', 7, { a: 1 }]) {
      const { email, name } = callerFromToken(signedIn({ email: value, name: value }));
      assert.deepEqual([email, name], [null, null]);
    }
  });

  it('takes the claims agent and admin each for its own', () => {
    const claimsOf = (claims: object) => {
      const { trusted, admin } = callerFromToken(signedIn(claims));
      return { trusted, admin };
    };
    assert.deepEqual(claimsOf({ agent: true }), { trusted: true, admin: false });
    assert.deepEqual(claimsOf({ admin: true }), { trusted: false, admin: true });
  });

  it('takes a claim that is exactly true, and nothing like it', () => {
    for (const value of [false, 'true', 1, {}, [], [true], null, undefined, new Boolean(true)]) {
      const { trusted, admin } = callerFromToken(signedIn({ agent: value, admin: value }));
      assert.deepEqual([trusted, admin], [false, false]);
    }
  });

  it("takes a claim that is the token's own, and no inherited one", () => {
    const { trusted, admin } = callerFromToken(signedIn(Object.create({ agent: true, admin: true })));
    assert.deepEqual([trusted, admin], [false, false]);
  });
});
