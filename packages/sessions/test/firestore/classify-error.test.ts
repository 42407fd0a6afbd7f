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
  it('is the number that an error of the SDK has as its code, and null of anything else', () => {
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
  it('takes what is no answer of Firestore’s to be refused', () => {
    for (const error of [new TypeError('a mistake'), failing('ECONNREFUSED'), failing(99), null])
      assert.equal(classifyError(error), 'refused');
  });
});

describe('isConflict()', () => {
  it('holds where a document had changed or was gone, and for no other failure', () => {
    for (const code of [GrpcStatus.FAILED_PRECONDITION, GrpcStatus.NOT_FOUND])
      assert.equal(isConflict(failing(code)), true);
    for (const error of [GrpcStatus.ABORTED, GrpcStatus.UNAVAILABLE].map(failing).concat(new Error('failed')))
      assert.equal(isConflict(error), false);
  });
});

describe('mapErrors()', () => {
  it('tells an outage from a lost race, and leaves anything else as it is', async () => {
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

  it('gives up an RPC that does not answer, as one whose outcome is unclear', async () => {
    const missed = { name: 'MissedDeadline', code: GrpcStatus.DEADLINE_EXCEEDED, message: /within 5 ms/ };
    await assert.rejects(withDeadline(context, new Promise(() => {})), missed);
  });
});
