import assert from 'node:assert/strict';
import { callLogEntry } from '../../src/callables/call-log-entry.ts';

describe('callLogEntry()', () => {
  it('returns a warning that a filter finds for a refused caller', () => {
    for (const outcome of ['unauthenticated', 'permission-denied', 'not-found'] as const) {
      const { severity, refused } = callLogEntry('getSession', outcome, {});
      assert.deepEqual([severity, refused], ['WARNING', true], outcome);
    }
    assert.deepEqual(callLogEntry('exportMyData', 'unauthenticated', { reason: 'revoked' }), {
      severity: 'WARNING',
      message: 'call',
      call: 'exportMyData',
      outcome: 'unauthenticated',
      reason: 'revoked',
      refused: true,
    });
    assert.equal(callLogEntry('addMessage', 'resource-exhausted', { reason: 'rate' }).refused, true);
  });

  it('reports no refusal for a call that is invalid, too early or too late', () => {
    const outcomes = ['ok', 'invalid-argument', 'failed-precondition', 'aborted', 'already-exists'] as const;
    for (const outcome of outcomes) {
      const { severity, refused } = callLogEntry('addMessage', outcome, {});
      assert.deepEqual([severity, refused], ['INFO', undefined], outcome);
    }
    const full = callLogEntry('createSession', 'resource-exhausted', { reason: 'open_sessions' });
    assert.deepEqual([full.severity, full.refused], ['INFO', undefined]);
  });

  it('returns an error for a failure of the service', () => {
    for (const outcome of ['internal', 'unavailable'] as const) {
      for (const name of ['addMessage', 'deleteUserData'] as const) {
        assert.equal(callLogEntry(name, outcome, {}).severity, 'ERROR');
      }
    }
  });

  it('returns a notice when an admin ends, exports or deletes data of another user', () => {
    for (const name of ['endUserSessions', 'exportUserData', 'deleteUserData'] as const) {
      assert.equal(callLogEntry(name, 'ok', {}).severity, 'NOTICE', name);
    }
    for (const name of ['endMySessions', 'exportMyData', 'deleteMyData', 'getMetrics'] as const) {
      assert.equal(callLogEntry(name, 'ok', {}).severity, 'INFO', name);
    }
  });
});
