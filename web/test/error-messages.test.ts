import assert from 'node:assert/strict';
import { FirebaseError } from 'firebase/app';
import { SessionsError } from 'kb-sessions-client';
import { errorMessage, isUnexpected } from '../src/error-messages.ts';

describe('errorMessage()', () => {
  it('describes what the user can do, not the technical error', () => {
    const ended = new SessionsError('failed-precondition', 'session has ended', { reason: 'ended' });
    assert.match(errorMessage(ended), /has ended\. Start a new one/);
    assert.match(errorMessage(new SessionsError('unavailable', 'no route')), /does not answer right now/);
    assert.match(errorMessage(new FirebaseError('auth/invalid-credential', 'x')), /do not match/);
  });

  it('returns one sentence for unexpected errors, and calls them unexpected', () => {
    for (const error of [
      new TypeError('x is undefined'),
      new SessionsError('internal', 'INTERNAL'),
      new FirebaseError('auth/internal-error', 'x'),
      'a string',
    ]) {
      assert.equal(errorMessage(error), 'Something went wrong on our side. Please try again.');
      assert(isUnexpected(error));
    }
    assert(!isUnexpected(new SessionsError('unavailable', 'x')));
  });
});
