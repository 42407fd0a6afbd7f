import assert from 'node:assert/strict';
import { selectTests } from '../../support/select-tests.ts';

const all = [
  'a/test/x.test.ts',
  'a/test/x.emulator.test.ts',
  'b/test/y.host.test.ts',
  'c/test/z.suite.test.ts',
];

describe('selectTests()', () => {
  it('takes every file when none is named', () => {
    assert.deepEqual(selectTests([], all), { files: all, needSuite: true, mochaOptions: [] });
  });

  it('leaves out what needs the emulators with --unit', () => {
    const expected = { files: ['a/test/x.test.ts'], needSuite: false, mochaOptions: [] };
    assert.deepEqual(selectTests(['--unit'], all), expected);
  });

  it('takes the files that are named, and starts no suite that they do not need', () => {
    assert.equal(selectTests(['a/test/x.test.ts'], all).needSuite, false);
    assert.equal(selectTests(['a/test/x.test.ts', 'b/test/y.host.test.ts'], all).needSuite, true);
  });

  it('hands the rest to mocha', () => {
    assert.deepEqual(selectTests(['--grep', 'seq', '--unit'], all).mochaOptions, ['--grep', 'seq']);
  });
});
