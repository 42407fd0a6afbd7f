import assert from 'node:assert/strict';
import { type Fault, parseFault } from '../../src/index.ts';

const drop = { when: 'before', effect: { kind: 'drop' } };

describe('parseFault()', () => {
  it('restores every kind of fault from its JSON', () => {
    const faults: Fault[] = [
      { when: 'before', effect: { kind: 'drop' } },
      { when: 'before', effect: { kind: 'code', code: 'UNAVAILABLE', message: 'away' } },
      { when: 'before', effect: { kind: 'delay', ms: 5 } },
      { when: 'before', effect: { kind: 'delay', ms: 0, thenApply: true } },
      { when: 'before', effect: { kind: 'black-hole', thenApply: false } },
      { when: 'after', effect: { kind: 'code', code: 'INTERNAL' } },
      { when: 'after', effect: { kind: 'drop' } },
      { when: 'after', effect: { kind: 'delay', ms: 5 } },
      { when: 'after', effect: { kind: 'black-hole' } },
      { when: 'after', effect: { kind: 'cut', afterMessages: 0 } },
      {
        methods: ['Commit', 'RunQuery'],
        prefix: 'c/',
        skip: 0,
        times: 1,
        when: 'after',
        effect: { kind: 'drop' },
      },
    ];
    for (const fault of faults) assert.deepEqual(parseFault(JSON.parse(JSON.stringify(fault))), fault);
  });

  const effect = (when: string, fields: object) => ({ when, effect: fields });
  const wrong: [value: unknown, message: RegExp][] = [
    [undefined, /^value: must be an object with `when`/],
    [[drop], /^value: must be an object with `when`/],
    [{ ...drop, time: 1 }, /^value: Unrecognized key: "time"$/],
    [{ effect: { kind: 'drop' } }, /^when: .*'before' or 'after'$/],
    [{ ...drop, methods: ['commit'] }, /^methods.0: must be one of .*Commit/],
    [{ ...drop, methods: [] }, /^methods: Too small/],
    [{ ...drop, prefix: 1 }, /^prefix: .*expected string/],
    [{ ...drop, skip: -1 }, /^skip: Too small: .* >=0$/],
    [{ ...drop, times: 0 }, /^times: Too small: .* >=1$/],
    [{ ...drop, times: 1.5 }, /^times: .*expected int/],
    [{ when: 'before' }, /^effect: must be of the kind 'code', 'drop', 'delay' or 'black-hole'$/],
    [effect('before', { kind: 'cut', afterMessages: 1 }), /^effect.kind: .*'delay' or 'black-hole'$/],
    [effect('after', { kind: 'vanish' }), /^effect.kind: .*'black-hole' or 'cut'$/],
    [effect('before', { kind: 'drop', ms: 1 }), /^effect: Unrecognized key: "ms"$/],
    [effect('after', { kind: 'code', code: 'OK' }), /^effect.code: .* other than OK$/],
    [effect('after', { kind: 'code', code: '14' }), /^effect.code: /],
    [effect('after', { kind: 'code', code: 14 }), /^effect.code: /],
    [effect('after', { kind: 'code', code: 'UNKNOWN', message: 1 }), /^effect.message: .*expected string/],
    [effect('before', { kind: 'delay' }), /^effect.ms: .*received undefined$/],
    [effect('before', { kind: 'delay', ms: 2 ** 31 }), /^effect.ms: Too big: .* <=2147483647$/],
    [effect('after', { kind: 'delay', ms: 1, thenApply: true }), /^effect: Unrecognized key: "thenApply"$/],
    [effect('before', { kind: 'delay', ms: 1, thenApply: 1 }), /^effect.thenApply: .*expected boolean/],
    [effect('after', { kind: 'cut', afterMessages: '1' }), /^effect.afterMessages: /],
  ];
  for (const [value, message] of wrong) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.throws(() => parseFault(value), { name: 'TypeError', message });
    });
  }
});
