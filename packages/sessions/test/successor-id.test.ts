import assert from 'node:assert/strict';
import fc from 'fast-check';
import { newSessionIdSchema, sessionIdSchema } from 'kb-sessions-contract/records';
import { successorId } from '../src/successor-id.ts';

const NAMED = '3b241101-e2bb-4255-8caf-4136c566a962';

describe('successorId()', () => {
  it('returns the same id as for the sessions already stored', () => {
    assert.equal(successorId('owner', NAMED), '6af8b3e6-5032-5475-8f14-81311d5cdec7');
  });

  it('returns an id that no caller may choose for a new session', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.uuid(), (owner, session_id) => {
        const successor = successorId(owner, session_id);
        assert.ok(sessionIdSchema.safeParse(successor).success);
        assert.ok(!newSessionIdSchema.safeParse(successor).success);
      }),
    );
  });

  it('differs between owners and between sessions for any split of the two', () => {
    const pair = fc.tuple(fc.string(), fc.string());
    fc.assert(
      fc.property(pair, pair, ([owner, session], [otherOwner, otherSession]) => {
        const same = owner === otherOwner && session === otherSession;
        assert.equal(successorId(owner, session) === successorId(otherOwner, otherSession), same);
      }),
    );
    assert.notEqual(successorId('a', 'bc'), successorId('ab', 'c'));
    assert.notEqual(successorId('a","b', 'c'), successorId('a', 'b","c'));
  });
});
