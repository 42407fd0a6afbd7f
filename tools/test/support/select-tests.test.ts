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
      hasCoverage: true,
      mochaOptions: [],
    });
  });

  it('selects only files without emulators with --unit, and measures no coverage', () => {
    assert.deepEqual(selectTests(['--unit'], all), {
      files: ['a/test/x.test.ts'],
      needSuite: false,
      isSoak: false,
      hasCoverage: false,
      mochaOptions: [],
    });
  });

  it('selects every file and large sizes with --soak', () => {
    const { files, isSoak, hasCoverage } = selectTests(['--soak'], all);
    assert.deepEqual([files, isSoak, hasCoverage], [all, true, false]);
  });

  it('selects the named files, and starts the suite only if one of them requires it', () => {
    assert.equal(selectTests(['a/test/x.test.ts'], all).needSuite, false);
    assert.equal(selectTests(['a/test/x.test.ts', 'b/test/y.host.test.ts'], all).needSuite, true);
    assert.deepEqual(selectTests(['c/test/z.soak.test.ts'], all).files, ['c/test/z.soak.test.ts']);
  });

  it('passes all other options to mocha', () => {
    assert.deepEqual(selectTests(['--grep', 'seq', '--unit'], all).mochaOptions, ['--grep', 'seq']);
  });
});
