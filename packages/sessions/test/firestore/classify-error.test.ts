import assert from 'node:assert/strict';
import { GrpcStatus } from 'firebase-admin/firestore';
import {
  classifyError,
  grpcCode,
  isConflict,
  mapErrors,
  toSessionError,
} from '../../src/firestore/classify-error.ts';
import { withDeadline } from '../../src/firestore/deadline.ts';
import { assertFails } from '../../src/testing/assert-fails.ts';
import { SMALL_LIMITS } from '../../src/testing/small-limits.ts';
import { contextAt } from '../support/context-at.ts';

const failing = (code: unknown): Error => Object.assign(new Error('failed'), { code });

describe('grpcCode()', () => {
  it('returns the numeric code of an SDK error and null for any other value', () => {
    assert.equal(grpcCode(failing(GrpcStatus.ABORTED)), GrpcStatus.ABORTED);
    for (const other of [
      failing('ECONNREFUSED'),
      new Error('failed'),
      { code: 10 },
      'failed',
      null,
      undefined,
    ])
      assert.equal(grpcCode(other), null);
  });
});

describe('classifyError()', () => {
  it('classifies an error that is not from Firestore as refused', () => {
    for (const error of [new TypeError('a mistake'), failing('ECONNREFUSED'), failing(99), null])
      assert.equal(classifyError(error), 'refused');
  });
});

describe('isConflict()', () => {
  it('accepts only errors of changed or missing documents', () => {
    for (const code of [GrpcStatus.FAILED_PRECONDITION, GrpcStatus.NOT_FOUND])
      assert.equal(isConflict(failing(code)), true);
    for (const error of [GrpcStatus.ABORTED, GrpcStatus.UNAVAILABLE].map(failing).concat(new Error('failed')))
      assert.equal(isConflict(error), false);
  });
});

describe('mapErrors()', () => {
  it('distinguishes an outage from a lost race and does not change other errors', async () => {
    for (const code of [GrpcStatus.UNAVAILABLE, GrpcStatus.RESOURCE_EXHAUSTED, GrpcStatus.UNKNOWN])
      await assertFails(mapErrors(Promise.reject(failing(code))), 'unavailable');
    await assertFails(mapErrors(Promise.reject(failing(GrpcStatus.ABORTED))), 'aborted');
    for (const error of [failing(GrpcStatus.PERMISSION_DENIED), new Error('failed')])
      assert.equal(toSessionError(error), error);
    assert.equal(await mapErrors(Promise.resolve(7)), 7);
  });
});

describe('withDeadline()', () => {
  const context = { ...contextAt('127.0.0.1:1', 'demo-deadline', SMALL_LIMITS), deadlineMs: 5 };

  it('classifies an RPC without an answer as unclear', async () => {
    const missed = { name: 'MissedDeadline', code: GrpcStatus.DEADLINE_EXCEEDED, message: /within 5 ms/ };
    await assert.rejects(withDeadline(context, new Promise(() => {})), missed);
  });
});
