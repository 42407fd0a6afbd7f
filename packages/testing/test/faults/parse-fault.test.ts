import assert from 'node:assert/strict';
import { type Fault, parseFault } from '../../src/index.ts';

const drop = { when: 'before', effect: { kind: 'drop' } };

describe('parseFault()', () => {
  it('reads every kind of fault back from its JSON', () => {
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
    [undefined, /^a fault must be an object, got undefined$/],
    [[drop], /^a fault must be an object, got /],
    [{ ...drop, time: 1 }, /^a fault must be an object of methods, .* only, got .*"time":1/],
    [{ effect: { kind: 'drop' } }, /^when must be 'before' or 'after', got undefined$/],
    [{ ...drop, methods: ['commit'] }, /^methods must be a list of some of .*Commit.*, got \["commit"\]$/],
    [{ ...drop, methods: [] }, /^methods must be /],
    [{ ...drop, prefix: 1 }, /^prefix must be a text, got 1$/],
    [{ ...drop, skip: -1 }, /^skip must be a whole number from 0 to 2147483647, got -1$/],
    [{ ...drop, times: 0 }, /^times must be a whole number from 1 to 2147483647, got 0$/],
    [{ ...drop, times: 1.5 }, /^times must be /],
    [{ when: 'before' }, /^effect.kind must be .* before, got undefined$/],
    [effect('before', { kind: 'cut', afterMessages: 1 }), /^effect.kind must be .* before, got "cut"$/],
    [effect('after', { kind: 'vanish' }), /^effect.kind must be .*'cut' after, got "vanish"$/],
    [effect('before', { kind: 'drop', ms: 1 }), /^effect must be an object of kind only, got /],
    [effect('after', { kind: 'code', code: 'OK' }), /^code must be the name .* other than OK, got "OK"$/],
    [effect('after', { kind: 'code', code: '14' }), /^code must be /],
    [effect('after', { kind: 'code', code: 14 }), /^code must be /],
    [effect('after', { kind: 'code', code: 'UNKNOWN', message: 1 }), /^message must be a text, got 1$/],
    [effect('before', { kind: 'delay' }), /^ms must be a whole number from 0 to 2147483647, got undefined$/],
    [effect('before', { kind: 'delay', ms: 2 ** 31 }), /^ms must be /],
    [
      effect('after', { kind: 'delay', ms: 1, thenApply: true }),
      /^effect must be an object of kind, ms only/,
    ],
    [effect('before', { kind: 'delay', ms: 1, thenApply: 1 }), /^thenApply must be true or false, got 1$/],
    [effect('after', { kind: 'cut', afterMessages: '1' }), /^afterMessages must be /],
  ];
  for (const [value, message] of wrong) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      assert.throws(() => parseFault(value), { name: 'TypeError', message });
    });
  }
});
