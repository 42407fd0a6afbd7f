import assert from 'node:assert/strict';
import { selectTests } from '../../support/select-tests.ts';

const quick = [
  'a/test/x.test.ts',
  'a/test/x.emulator.test.ts',
  'b/test/y.host.test.ts',
  'c/test/z.suite.test.ts',
];
const all = [...quick, 'c/test/z.soak.test.ts'];

describe('selectTests()', () => {
  it('selects every file but the soak tests when no file is named', () => {
    assert.deepEqual(selectTests([], all), {
      files: quick,
      needSuite: true,
      isSoak: false,
      isUnit: false,
      mochaOptions: [],
    });
  });

  it('selects only files without emulators with --unit', () => {
    assert.deepEqual(selectTests(['--unit'], all), {
      files: ['a/test/x.test.ts'],
      needSuite: false,
      isSoak: false,
      isUnit: true,
      mochaOptions: [],
    });
  });

  it('selects every file and large sizes with --soak', () => {
    const { files, isSoak } = selectTests(['--soak'], all);
    assert.deepEqual([files, isSoak], [all, true]);
  });

  it('selects the named files, and starts the suite only if one of them requires it', () => {
    assert.equal(selectTests(['a/test/x.test.ts'], all).needSuite, false);
    assert.equal(selectTests(['a/test/x.test.ts', 'b/test/y.host.test.ts'], all).needSuite, true);
    assert.deepEqual(selectTests(['c/test/z.soak.test.ts'], all).files, ['c/test/z.soak.test.ts']);
  });

  it('selects the files of a named folder', () => {
    assert.deepEqual(selectTests(['./a/'], all).files, ['a/test/x.test.ts', 'a/test/x.emulator.test.ts']);
  });

  it('passes all other options to mocha', () => {
    const { files, mochaOptions } = selectTests(['-g', 'seq', '--unit', '--bail', '--timeout=5'], all);
    assert.deepEqual(files, ['a/test/x.test.ts']);
    assert.deepEqual(mochaOptions, ['--grep=seq', '--bail', '--timeout=5']);
  });

  it('rejects unknown options and names without a test file', () => {
    assert.throws(() => selectTests(['--units'], all), /Unknown option '--units'/);
    assert.throws(() => selectTests(['a/test/gone.test.ts'], all), {
      name: 'UsageError',
      message: 'No test file is a/test/gone.test.ts, or lies in it.',
    });
  });
});
