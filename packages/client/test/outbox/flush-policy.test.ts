import assert from 'node:assert/strict';
import { SessionsError, type SessionsErrorCode } from '../../src/index.ts';
import { decideOnAnswer, decideOnError } from '../../src/outbox/flush-policy.ts';
import { kept } from './storage-contract.ts';

const operation = kept(1);
const { name, input, session_id } = operation;
const call = { name, input };
const appended = { recovered: true, rolled_over: false, context: null, context_complete: null };
const successor = '11111111-ce75-5665-a070-57453082c256';

describe('decideOnAnswer()', () => {
  it('settles a durable operation with its present session', () => {
    const answer = { session_id: successor, durability: 'durable', held_by: null, ...appended } as const;
    const given = { outcome: 'durable', call, session_id: successor, recovered: true, rolled_over: false };
    const first = { message_id: operation.id, seq: 4 };
    assert.deepEqual(decideOnAnswer(operation, { ...answer, ...first }), {
      do: 'settle',
      settlement: { ...given, messages: [first] },
    });
    const messages = [first, { message_id: session_id, seq: 5 }];
    assert.deepEqual(decideOnAnswer(operation, { ...answer, messages }), {
      do: 'settle',
      settlement: { ...given, messages },
    });
    const created = { session_id, expires_at: '', durability: 'durable', held_by: null } as const;
    assert.deepEqual(decideOnAnswer(operation, created), {
      do: 'settle',
      settlement: { ...given, session_id, recovered: false, messages: [] },
    });
  });

  it('keeps a volatile operation with its journal and its session', () => {
    const answer = { session_id: successor, durability: 'volatile', held_by: 'b', ...appended } as const;
    assert.deepEqual(decideOnAnswer(operation, { ...answer, message_id: operation.id, seq: null }), {
      do: 'keep',
      operation: { ...operation, session_id: successor, held_by: 'b' },
    });
  });
});

describe('decideOnError()', () => {
  const codes: Record<SessionsErrorCode, 'settle' | 'stop'> = {
    unavailable: 'stop',
    aborted: 'stop',
    cancelled: 'stop',
    'deadline-exceeded': 'stop',
    'resource-exhausted': 'stop',
    unauthenticated: 'stop',
    internal: 'stop',
    unknown: 'stop',
    'already-exists': 'settle',
    'data-loss': 'settle',
    'failed-precondition': 'settle',
    'invalid-argument': 'settle',
    'not-found': 'settle',
    'out-of-range': 'settle',
    'permission-denied': 'settle',
    unimplemented: 'settle',
  };
  const holdsUp = (code: string) => code !== 'internal' && code !== 'unknown';
  for (const [code, what] of Object.entries(codes) as [SessionsErrorCode, string][])
    it(`treats ${code} as ${what === 'stop' ? 'temporary' : 'a refusal, with the error'}`, () => {
      const error = new SessionsError(code, 'no');
      const plan =
        what === 'stop'
          ? { do: 'stop', error: holdsUp(code) ? error : null }
          : { do: 'settle', settlement: { outcome: 'refused', call, error } };
      assert.deepEqual(decideOnError(operation, error), plan);
    });
});
