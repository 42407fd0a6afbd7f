import assert from 'node:assert/strict';
import {
  hasEnded,
  hasExpired,
  idIsTaken,
  isContinued,
  isUnavailable,
  lostEveryRace,
  messageNotFound,
  notFound,
  type SessionError,
  tooManyOpen,
  wasErased,
  wasRefused,
} from '../src/session/errors.ts';

const CAUSE = new Error('what a driver said');

/** What a client decides by: see the README. */
const told: [make: () => SessionError, code: string, details: object][] = [
  [notFound, 'not-found', {}],
  [messageNotFound, 'not-found', {}],
  [hasEnded, 'failed-precondition', { reason: 'ended' }],
  [hasExpired, 'failed-precondition', { reason: 'expired' }],
  [() => isContinued('next'), 'failed-precondition', { reason: 'continued', session_id: 'next' }],
  [wasErased, 'failed-precondition', { reason: 'erased' }],
  [() => wasRefused('failing'), 'failed-precondition', { reason: 'refused', because: 'failing' }],
  [tooManyOpen, 'resource-exhausted', { reason: 'open_sessions' }],
  [idIsTaken, 'already-exists', { field: 'message_id' }],
  [() => isUnavailable(CAUSE), 'unavailable', {}],
  [() => lostEveryRace(CAUSE), 'aborted', {}],
];

describe('SessionError', () => {
  for (const [make, code, details] of told) {
    it(`tells ${code} ${JSON.stringify(details)}, in words that hold nothing of its cause`, () => {
      const error = make();
      assert.deepEqual([error.name, error.code, error.details], ['SessionError', code, details]);
      assert.match(error.message, /^\w+ \w+/);
      assert.ok(!error.message.includes(CAUSE.message));
    });
  }

  it('has a cause where something else failed, for the log', () => {
    for (const error of [isUnavailable(CAUSE), lostEveryRace(CAUSE)]) assert.equal(error.cause, CAUSE);
    assert.ok(!('cause' in notFound()));
  });
});
