import assert from 'node:assert/strict';
import type { Fault } from '../../src/faults/fault.ts';
import { matchesFault, mayMatch } from '../../src/faults/match-fault.ts';

const drop = { when: 'before', effect: { kind: 'drop' } } as const;
const commit = { method: 'Commit', paths: ['kb_sessions/a', 'kb_messages/b'] };

describe('matchesFault()', () => {
  it('matches any call without methods and prefix', () => {
    assert.ok(matchesFault(drop, commit));
    assert.ok(matchesFault(drop, { method: 'BeginTransaction', paths: [] }));
    assert.ok(matchesFault({ ...drop, prefix: '' }, { method: 'BeginTransaction', paths: [] }));
  });

  it('matches only the given methods', () => {
    const fault: Fault = { ...drop, methods: ['RunQuery', 'Commit'] };
    assert.ok(matchesFault(fault, commit));
    assert.ok(!matchesFault(fault, { ...commit, method: 'BatchWrite' }));
  });

  it('matches a call with at least one path that starts with the prefix', () => {
    const named = (prefix: string) => matchesFault({ ...drop, prefix }, commit);
    assert.deepEqual(['kb_messages/', 'kb_sessions/a', 'kb_'].map(named), [true, true, true]);
    assert.deepEqual(['messages/', 'kb_sessions/ab', 'b'].map(named), [false, false, false]);
    assert.ok(!matchesFault({ ...drop, prefix: 'kb_' }, { method: 'Rollback', paths: [] }));
  });

  it('requires both methods and prefix', () => {
    const fault: Fault = { ...drop, methods: ['Commit'], prefix: 'kb_messages/' };
    assert.ok(matchesFault(fault, commit));
    assert.ok(!matchesFault(fault, { ...commit, method: 'BatchWrite' }));
    assert.ok(!matchesFault(fault, { ...commit, paths: ['kb_sessions/a'] }));
  });

  it('excludes request streams when the whole call must be applied', () => {
    const whole: Fault[] = [
      { when: 'after', effect: { kind: 'drop' } },
      { when: 'before', effect: { kind: 'delay', ms: 1, thenApply: true } },
      { when: 'before', effect: { kind: 'black-hole', thenApply: true } },
    ];
    for (const fault of whole) {
      assert.ok(mayMatch(fault, 'RunQuery'));
      assert.deepEqual(
        ['Listen', 'Write'].map((method) => matchesFault(fault, { method, paths: [] })),
        [false, false],
      );
    }
    const late: Fault = { when: 'before', effect: { kind: 'delay', ms: 1, thenApply: false } };
    for (const fault of [drop, late]) assert.ok(matchesFault(fault, { method: 'Listen', paths: [] }));
  });
});
