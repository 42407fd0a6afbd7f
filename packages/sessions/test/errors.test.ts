import assert from 'node:assert/strict';
import type { SessionError } from 'kb-sessions-contract/errors';
import {
  contentionError,
  messageIdTakenError,
  messageNotFoundError,
  openSessionLimitError,
  refusedError,
  sessionContinuedError,
  sessionEndedError,
  sessionExpiredError,
  sessionNotFoundError,
  unavailableError,
  userErasedError,
} from '../src/session-errors.ts';

const CAUSE = new Error('what a driver said');

/** What a client decides by: see the README. */
const told: [make: () => SessionError, code: string, details: object][] = [
  [sessionNotFoundError, 'not-found', {}],
  [messageNotFoundError, 'not-found', {}],
  [sessionEndedError, 'failed-precondition', { reason: 'ended' }],
  [sessionExpiredError, 'failed-precondition', { reason: 'expired' }],
  [() => sessionContinuedError('next'), 'failed-precondition', { reason: 'continued', session_id: 'next' }],
  [userErasedError, 'failed-precondition', { reason: 'erased' }],
  [() => refusedError('failing'), 'failed-precondition', { reason: 'refused', because: 'failing' }],
  [openSessionLimitError, 'resource-exhausted', { reason: 'open_sessions' }],
  [messageIdTakenError, 'already-exists', { field: 'message_id' }],
  [() => unavailableError(CAUSE), 'unavailable', {}],
  [() => contentionError(CAUSE), 'aborted', {}],
];

describe('SessionError', () => {
  for (const [make, code, details] of told) {
    it(`reports ${code} ${JSON.stringify(details)} without details of its cause`, () => {
      const error = make();
      assert.deepEqual([error.name, error.code, error.details], ['SessionError', code, details]);
      assert.match(error.message, /^\w+ \w+/);
      assert.ok(!error.message.includes(CAUSE.message));
    });
  }

  it('keeps the underlying error as its cause, for the log', () => {
    for (const error of [unavailableError(CAUSE), contentionError(CAUSE)]) assert.equal(error.cause, CAUSE);
    assert.ok(!('cause' in sessionNotFoundError()));
  });
});
