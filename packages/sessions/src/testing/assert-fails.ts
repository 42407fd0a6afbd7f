import assert from 'node:assert/strict';
import { type ErrorCode, type ErrorDetails, SessionError } from '../index.ts';

/** The SessionError with which `work` fails. A success or another error fails the test. */
export const failureOf = async (work: Promise<unknown>): Promise<SessionError> => {
  const answer = await work.then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in answer)) assert.fail(`expected a SessionError, found ${JSON.stringify(answer.result)}`);
  if (!(answer.error instanceof SessionError)) throw answer.error;
  return answer.error;
};

/** Asserts that `work` fails with a SessionError with this code and exactly these details. */
export const assertFails = async (
  work: Promise<unknown>,
  code: ErrorCode,
  details: ErrorDetails = {},
): Promise<void> => {
  const error = await failureOf(work);
  assert.deepEqual({ code: error.code, details: error.details }, { code, details });
};

export const assertNotFound = (work: Promise<unknown>) => assertFails(work, 'not-found');
export const assertEnded = (work: Promise<unknown>) =>
  assertFails(work, 'failed-precondition', { reason: 'ended' });
export const assertExpired = (work: Promise<unknown>) =>
  assertFails(work, 'failed-precondition', { reason: 'expired' });
export const assertContinued = (work: Promise<unknown>, session_id: string) =>
  assertFails(work, 'failed-precondition', { reason: 'continued', session_id });
